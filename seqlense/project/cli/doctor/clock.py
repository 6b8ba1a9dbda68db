"""Our clock and the database's agree, and neither was moved back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Max

from seqlense.privacy.records import Act
from seqlense.project.cli.doctor.finding import Finding, fault, fine, warning
from seqlense.project.cli.speech import gettext as _

NEEDS_DATABASE = True
NOTICEABLE: Final = timedelta(seconds=5)
WRONG: Final = timedelta(minutes=1)


def examine(now: datetime) -> Iterator[Finding]:
    yield _agreement(now)
    latest = Act.objects.aggregate(latest=Max("at"))["latest"]
    if latest is not None and latest > now + WRONG:
        message = _("The last proof row is of {moment}, which is still to come.").format(
            moment=f"{latest:%Y-%m-%d %H:%M}"
        )
        hint = _("The clock was moved back: set it right. Sweeps refuse to run meanwhile.")
        yield fault("clock.moved_back", message, hint)


def _agreement(now: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        ((theirs,),) = cursor.fetchall()
    apart = abs(theirs - now)
    message = _("This machine's clock and the database's are {n} s apart.").format(
        n=f"{apart.total_seconds():.1f}"
    )
    hint = _("Set both by NTP.")
    if apart > WRONG:
        return fault("clock.apart", message, hint)
    return warning("clock.apart", message, hint) if apart > NOTICEABLE else fine("clock.apart", message)
