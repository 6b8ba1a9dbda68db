"""The kernel's tables in the data database."""

from __future__ import annotations

from django.db import models

from seqlense.kit.identifiers import uuid7


class Subject(models.Model):
    """A person, known by an opaque id that names nobody. Rows about a person point here.

    created_at: when the person first appeared. erased_at: when what could go went; the row stays while
    the law keeps something of theirs.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)


class Installation(models.Model):
    """The one row that says which installation this data belongs to, as the keystore and its key files do.

    Django doesn't manage the table, so that emptying the database between tests leaves it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    installation = models.UUIDField()

    class Meta:
        managed = False
        db_table = "privacy_installation"


class SearchChange(models.Model):
    """That a searchable row was written, so that search indexes in memory catch up. Gone within the hour.

    subject: None of somebody being erased.
    writer: PostgreSQL's id of the writing transaction (0 elsewhere), to know what was committed when.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.ForeignKey(Subject, on_delete=models.DB_CASCADE, null=True, related_name="+")
    model = models.CharField(max_length=100)
    row_id = models.UUIDField()
    writer = models.BigIntegerField(default=0)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["model", "writer"], name="privacy_searchchange_new")]


from seqlense.privacy.cookies.models import DroppedCookie  # noqa: E402
from seqlense.privacy.drills.models import Drill  # noqa: E402
from seqlense.privacy.log.leaves import Leaf, LogHead  # noqa: E402
from seqlense.privacy.records import (  # noqa: E402  (they point at Subject)
    Act,
    Archived,
    Hold,
    KeyDestruction,
    Person,
    RegisterVersion,
    RetentionRun,
    RightsRequest,
    StaffAct,
)
from seqlense.privacy.restoring.records import Restoration  # noqa: E402
from seqlense.privacy.switches.models import RequestText, Switch  # noqa: E402

__all__ = [
    "Act",
    "Archived",
    "Drill",
    "DroppedCookie",
    "Hold",
    "Installation",
    "KeyDestruction",
    "Leaf",
    "LogHead",
    "Person",
    "RegisterVersion",
    "RequestText",
    "Restoration",
    "RetentionRun",
    "RightsRequest",
    "SearchChange",
    "StaffAct",
    "Subject",
    "Switch",
]
