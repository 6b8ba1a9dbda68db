"""Front door of visitors and people who sign in. Its sections compose what the rooms below offer; they own no
facts.
"""
