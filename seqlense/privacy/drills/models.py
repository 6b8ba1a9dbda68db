"""What a drill found."""

from django.db import models

from seqlense.kit.identifiers import uuid7


class Drill(models.Model):
    """One drill, in counts, and a person who never was, for later ones to try on.

    living: rows of living people that were opened; unreadable: how many of them didn't open. keys: wrapped
    keys that were opened; broken: how many didn't, or aren't of the current epoch. erased: erased people
    looked up, those of earlier drills included; readable: how many still had a key for nothing, or could be
    read.

    probe: an invented person, erased in the drill itself, of whom there is what a thief of old copies would
    have: a sealed value and its wrapped key. Once the epoch `probe_epoch` is over, no key may open them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(db_index=True)
    epoch = models.PositiveIntegerField()
    living = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)
    keys = models.PositiveIntegerField(default=0)
    broken = models.PositiveIntegerField(default=0)
    erased = models.PositiveIntegerField(default=0)
    readable = models.PositiveIntegerField(default=0)
    probe = models.UUIDField(null=True)
    probe_epoch = models.PositiveIntegerField(default=0)
    probe_key = models.BinaryField(default=b"")
    probe_value = models.BinaryField(default=b"")

    class Meta:
        ordering = ["-at", "-id"]

    @property
    def passed(self) -> bool:
        """Whether everything was as promised."""
        return not (self.unreadable or self.broken or self.readable)

    def counts(self) -> dict[str, int]:
        """All its numbers, by name."""
        names = ("living", "unreadable", "keys", "broken", "erased", "readable")
        return {name: getattr(self, name) for name in names}
