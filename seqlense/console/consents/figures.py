"""How many accepted and refused what, month by month; and what they were shown."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from seqlense.console.consents.wanted import FilterForm
from seqlense.console.doors import OFFICER, PLATFORM, may, person, staff
from seqlense.privacy.consent import displays, keeping
from seqlense.privacy.consent.keeping import Figure
from seqlense.privacy.consent.models import Display, Kind
from seqlense.privacy.consent.words import service, titles


@dataclass(frozen=True, kw_only=True)
class Line:
    """A figure in words. of_all: how many of a hundred said yes."""

    figure: Figure
    about: str
    of_all: int


@staff(PLATFORM, OFFICER)
@require_safe
def consents_page(request: HttpRequest) -> HttpResponse:
    """Counts alone, of nobody in particular."""
    form = FilterForm(request.GET or None)
    context = {
        "form": form,
        "lines": [_line(one) for one in keeping.figures(form.wanted())],
        "displays": Display.objects.defer("texts")[:20],
        "without": displays.without_picture(),
        "officer": may(person(request), OFFICER),
    }
    return render(request, "console/consents/figures.html", context)


def _line(one: Figure) -> Line:
    about = service(one.about) if one.kind is Kind.CHOICE else ", ".join(titles(one.about))
    return Line(figure=one, about=about, of_all=round(100 * one.yes / (one.yes + one.no)))
