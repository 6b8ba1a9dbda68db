"""No segment feeds a decision: the uses that apps declare are looked at before anything starts."""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from seqlense.audience.segments import uses
from seqlense.privacy import running
from seqlense.register import RegisterError
from seqlense.register.vocabulary import Automated


@register("privacy")
def uses_of_segments(app_configs: Iterable[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Each use belongs to a running activity of direct marketing that decides nothing by itself."""
    found: list[CheckMessage] = []
    try:
        activities = running.register().activities
    except RegisterError:
        return found  # the register's own check says why
    for one in uses.declared().values():
        activity = activities.get(one.activity)
        if activity is None or not activity.active or not activity.direct_marketing:
            hint = "Segments serve direct marketing only, which people can stop at once."
            found.append(Error(f"{one.id!r} may not use segments.", hint=hint, id="segments.E001"))
        elif activity.automated_decisions.kind is Automated.DECISION:
            hint = "No decision about a person is taken by a segment (GDPR art. 22)."
            found.append(Error(f"{one.id!r} may not use segments.", hint=hint, id="segments.E002"))
    return found
