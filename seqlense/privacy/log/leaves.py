"""The log's rows in the database: a leaf for each proof row, and the head that was last signed."""

from django.db import models


class Leaf(models.Model):
    """What the log holds of one proof row: a salted digest, which says nothing to who hasn't got the salt.

    PostgreSQL writes it by a trigger, in the statement that writes the proof row, and refuses to change it.
    act: the proof row; None for an entry of the log that this database, restored from a copy, never had.
    index: its place in the log, given once, never again. sealed_at: when a checkpoint first covered it.
    """

    id = models.BigAutoField(primary_key=True)
    act = models.UUIDField(unique=True, null=True)
    digest = models.BinaryField()
    index = models.BigIntegerField(null=True)
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="privacy_leaf_unsealed", condition=models.Q(sealed_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(  # of those sealed: a new leaf costs the act that makes it no entry here
                fields=["index"], name="privacy_leaf_place", condition=models.Q(index__isnull=False)
            )
        ]


class LogHead(models.Model):
    """The one row that says how far the log was signed, so that files which are gone can't be made up anew.

    note: the checkpoint, as it was published.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()
