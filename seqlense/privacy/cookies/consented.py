"""Cookies that rest on consent: none without it, and none that outlives its lifetime counted from the yes."""

from datetime import datetime

from django.http import HttpRequest

from seqlense.privacy.consent import choices
from seqlense.register import Cookie


def agreed_at(one: Cookie, request: HttpRequest) -> datetime | None:
    """When whoever sits at that browser agreed to what the cookie is for; None if nobody did.

    By the browser's choice on the service that sets it, or by the consent of the person who is signed in.
    """
    if one.consent_purpose is None or not hasattr(request, "now"):
        return None
    made = choices.choice(request) if choices.offered() else None
    if made is not None:
        for service in choices.offered():
            named = service.purpose == one.consent_purpose and one.set_by in (None, service.id)
            if named and service.id in made.accepted:
                return made.answers[service.id].at
    subject = getattr(getattr(request, "user", None), "subject_id", None)
    if subject is None:
        return None
    from seqlense.privacy.consent import giving  # the checks come before the apps are loaded

    return giving.since(subject, one.consent_purpose)


def seconds_left(one: Cookie, agreed: datetime, *, now: datetime) -> int:
    """How long it may live from now on. However often it is set again, it ends that long after the yes:
    thirteen months at most (CNIL recommendation 2020-092).
    """
    if one.lifetime is None:
        return 0
    return max(0, int((one.lifetime.add_to(agreed) - now).total_seconds()))
