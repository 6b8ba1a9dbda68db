"""What is wrong with the proofs of consent, told to whoever looks after the installation."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from seqlense.privacy.alarms import Alarm
from seqlense.privacy.consent import choices, displays
from seqlense.privacy.consent.models import Display


def alarms(now: datetime) -> Iterator[Alarm]:
    """consent.no-picture: of what visitors are shown now, since when."""
    if not choices.offered():
        return
    current = {displays.current(code).hash: code for code, _name in settings.LANGUAGES}
    shown = Display.objects.filter(pk__in=current).order_by("since").first()
    if shown is not None and shown.since <= now and displays.without_picture():
        yield Alarm("consent.no-picture", shown.since, shown.pk[:12])
