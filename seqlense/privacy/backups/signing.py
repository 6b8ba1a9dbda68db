"""Backups are signed as the log's checkpoints are: with the one key that says which installation this is."""

from django.conf import settings

from seqlense.privacy.backups.errors import NoPlace
from seqlense.privacy.log import place
from seqlense.privacy.log.note import Note


def signed(text: str) -> str:
    """A note of that text. Raises NoPlace, or a LogError where the key can't be used."""
    if not getattr(settings, "SEQLENSE_LOG_KEY", None):
        raise NoPlace("Say in the setting SEQLENSE_LOG_KEY where the key lies that signs backups.")
    return place.make_key().note(text)


def opened(raw: str) -> str:
    """The text of a note that this installation signed. Raises NoteRefused, or another LogError."""
    note = Note.parse(raw)
    note.signed_by([place.verifier()])
    return note.text
