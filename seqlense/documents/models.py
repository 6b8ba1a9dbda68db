"""What a room's own table of files derives from: the row says whose file it is, the disk holds it sealed."""

from typing import ClassVar, Final

from django.db import models

from seqlense.privacy.rows import SubjectRow
from seqlense.privacy.sealed import SealedTextField

LONGEST_NAME: Final = 120


class Document(SubjectRow):
    """A file of a person. Its content lies under the row's id, sealed under the key of the row's activity.

    name: as the person called it. kind: its media type, as its content was found to be. size: in bytes.
    The room says in its `governance.py` of which activity and item, and with which row it goes.
    """

    name = SealedTextField(max_length=LONGEST_NAME)
    kind = SealedTextField()
    size = models.BigIntegerField()
    stored_at = models.DateTimeField()

    class Meta(SubjectRow.Meta):
        abstract = True
        ordering: ClassVar = ["stored_at", "id"]
