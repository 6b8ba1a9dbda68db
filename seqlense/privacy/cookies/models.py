"""That cookies were dropped."""

from django.db import models


class DroppedCookie(models.Model):
    """A cookie that something tried to set and that isn't declared so: its name, how often, when. No value,
    and nobody's browser.
    """

    cookie = models.CharField(max_length=80, primary_key=True)
    times = models.PositiveBigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["cookie"]
