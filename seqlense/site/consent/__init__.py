"""Choices on outside services and consents: where browsers send them, and where people see and change
them.
"""
