"""The places where a promotion may be shown: one card each, never more."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Slot(models.TextChoices):
    """Pages of signed-in people that keep a place."""

    HOME = "home", _("Home")
    ORGANISATIONS = "organisations", _("Your organisations")
    SETTINGS = "settings", _("Settings")
