"""This room has no table of its own: each room's files stand in a table of that room."""

from seqlense.privacy.governance import Governance

GOVERNANCE = Governance(tasks={"documents.sweep": ""}, hands_out="seqlense.documents.handing.files_of")
