"""Which period a page is asked for: a choice of lengths, or two days."""

from datetime import date, timedelta
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from seqlense.audience.measurement.reporting import LONGEST, Period

LENGTHS: Final = {"7": _("7 days"), "30": _("30 days"), "90": _("90 days"), "365": _("12 months")}
USUAL: Final = 30


class PeriodForm(forms.Form):
    """The two days; nothing given means the last thirty days, today included."""

    first = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("To"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, asked: QueryDict, *, today: date) -> None:
        self.usual = Period(first=today - timedelta(days=USUAL - 1), last=today)
        given = {
            "first": asked.get("first") or self.usual.first,
            "last": asked.get("last") or self.usual.last,
        }
        if (days := asked.get("days", "")) in LENGTHS:
            given = {"first": today - timedelta(days=int(days) - 1), "last": today}
        super().__init__(given)

    def clean(self) -> dict[str, date]:
        """One that begins before it ends, and isn't longer than anything that is kept."""
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and first > last:
            self.add_error("last", _("The period ends before it begins: swap the two days."))
        elif first and last and (last - first).days >= LONGEST:
            self.add_error(
                "first", _("That is longer than anything that is kept: choose three years at most.")
            )
        return found

    @property
    def period(self) -> Period:
        """The period asked for; the usual one where that makes no sense."""
        if not self.is_valid():
            return self.usual
        return Period(first=self.cleaned_data["first"], last=self.cleaned_data["last"])

    @property
    def length(self) -> str:
        """Which of LENGTHS it is; "" for another."""
        period, today = self.period, self.usual.last
        return str(period.days) if period.last == today and str(period.days) in LENGTHS else ""
