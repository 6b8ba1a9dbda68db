"""What is kept of all visits: totals of a day, each about one thing alone."""

from typing import ClassVar

from django.db import models


class Kind(models.TextChoices):
    """What a total counts by. No total joins two of these: nobody can be singled out by a combination."""

    ALL = "all"
    PAGE = "page"
    STEP = "step"
    SOURCE = "source"
    LANGUAGE = "language"
    COUNTRY = "country"
    SCREEN = "screen"
    SIGNED_IN = "signed_in"


class Total(models.Model):
    """How many pages were seen, and visits begun, on one day (UTC) under one name: a page, a site, a country.

    name: "/contact/", "example.org", "FR"; of a step both pages, with a line break between.
    """

    on = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=300, blank=True)
    views = models.PositiveBigIntegerField()
    visits = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["on", "kind", "name"], name="measurement_total_once")
        ]
