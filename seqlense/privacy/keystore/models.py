"""The keystore's tables, in a database of their own (alias `keys`), never in the backups of the data.

Statements are written in SQL in the modules beside, as they run for every page and for millions of keys at
once.
"""

from __future__ import annotations

from django.db import models


class Vault(models.Model):
    """The one row that says which installation this is and which epoch its keys are wrapped under.

    retiring: the epoch before, while keys wrapped under it may be left; None otherwise.
    index_key: the key of the handles' digests, wrapped under `index_epoch`.

    Django doesn't manage the table, so that emptying the database between tests leaves it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    installation = models.UUIDField()
    epoch = models.PositiveIntegerField()
    retiring = models.PositiveIntegerField(null=True)
    index_key = models.BinaryField()
    index_epoch = models.PositiveIntegerField()

    class Meta:
        managed = False
        db_table = "keystore_vault"


class DataKey(models.Model):
    """The key of one person in one activity, wrapped under an epoch's key."""

    pk = models.CompositePrimaryKey("subject_id", "activity")
    subject_id = models.UUIDField()
    activity = models.CharField(max_length=80)
    epoch = models.PositiveIntegerField()
    wrapped = models.BinaryField()


class Handle(models.Model):
    """A way to find a person without a readable identifier: the keyed digest of an address or number."""

    pk = models.CompositePrimaryKey("kind", "digest")
    kind = models.CharField(max_length=20)
    digest = models.BinaryField()
    subject_id = models.UUIDField(db_index=True)
