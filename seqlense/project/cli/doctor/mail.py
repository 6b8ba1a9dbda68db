"""The mail server takes our sign-in, and nothing has been waiting for long."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from seqlense.mailing import sender
from seqlense.mailing.models import DeadLetter, Message
from seqlense.mailing.sender import Failure
from seqlense.project.cli.doctor.finding import Finding, away, fault, fine, warning
from seqlense.project.cli.speech import gettext as _

LONG: Final = timedelta(hours=1)
LATELY: Final = timedelta(days=1)
UNREACHED: Final = ("mailing.unreachable", "mailing.timeout", "mailing.disconnected")


def examine(now: datetime) -> Iterator[Finding]:
    relay = settings.SEQLENSE_RELAY
    failure = sender.probe(relay)
    if failure is None:
        text = _("The mail server {host}:{port} takes our sign-in ({security}).")
        yield fine("mail.relay", text.format(host=relay.host, port=relay.port, security=relay.security.value))
    else:
        yield _refusal(failure, f"{relay.host}:{relay.port}")
    waiting = Message.objects.filter(posted_at__lte=now - LONG).count()
    if waiting:
        message = _("{n} messages have been waiting for more than an hour.").format(n=waiting)
        yield warning(
            "mail.waiting", message, _("See that the worker runs and that the mail server accepts.")
        )
    dead = DeadLetter.objects.filter(at__gt=now - LATELY).count()
    if dead:
        message = _("{n} messages were given up in the last day.").format(n=dead)
        yield warning("mail.dead", message, _("The console lists them with their codes, under Health."))


def _refusal(failure: Failure, place: str) -> Finding:
    hints = {
        "mailing.authentication.refused": _("Correct the user in SEQLENSE_SMTP_URL, or the password file."),
        "mailing.authentication.unavailable": _("The server offers neither PLAIN nor LOGIN: wrong port?"),
        "mailing.tls.untrusted": _(
            "Its certificate isn't valid for that name; SEQLENSE_SMTP_AUTHORITY trusts more."
        ),
        "mailing.tls.unavailable": _("The server offers no STARTTLS: wrong port?"),
    }
    status = f" {failure.status}" if failure.status else ""
    message = _("The mail server {place} can't be used: {code}.").format(
        place=place, code=f"{failure.code}{status}"
    )
    hint = hints.get(failure.code, _("Correct SEQLENSE_SMTP_URL, or start the mail server."))
    make = away if failure.code in UNREACHED else fault
    return make("mail.relay", message, hint)
