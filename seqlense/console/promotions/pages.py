"""Pages of promotions: the list, one of them as people see it, writing, starting and stopping it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seqlense.audience.promotions import prose, reactions, writing
from seqlense.audience.promotions.errors import ChangedMeanwhile, PromotionError
from seqlense.audience.promotions.models import ACTIVITY, Audience, Promotion, Reaction, State
from seqlense.console.doors import OFFICER, PLATFORM, actor, may, moment, person, staff
from seqlense.console.pages import page_of
from seqlense.console.promotions import words
from seqlense.console.promotions.forms import PromotionForm, of


@staff(PLATFORM, OFFICER)
@require_safe
def promotions_page(request: HttpRequest) -> HttpResponse:
    """All promotions, the latest to begin first."""
    page, now, language = page_of(request, Promotion.objects.all()), moment(request), get_language() or "fr"
    rows = [(one, one.title_in(language), one.state(now)) for one in page]
    context = {"page": page, "rows": rows, "writes": may(person(request), PLATFORM)}
    return render(request, "console/promotions/promotions.html", context)


@staff(PLATFORM, OFFICER)
@require_safe
def promotion_page(request: HttpRequest, promotion: UUID) -> HttpResponse:
    """As people see it in both languages, for whom, and how many reacted."""
    found, now, language = _found(promotion), moment(request), get_language() or "fr"
    labels = dict(Reaction.Kind.choices)
    context = {
        "promotion": found,
        "title": found.title_in(language),
        "state": found.state(now),
        "previews": [_preview(found, one) for one in ("fr", "en")],
        "outside": prose.outside(found.link),
        "rule": found.parsed.said(ACTIVITY),
        "broken": found.audience == Audience.RULE and found.parsed.broken(ACTIVITY),
        "segment": found.segment.name_in(language) if found.segment else "",
        "counts": [(labels[kind], number) for kind, number in reactions.counts(found.pk).items()],
        "beside": _beside(found, now, language),
        "writes": may(person(request), PLATFORM),
    }
    return render(request, "console/promotions/promotion.html", context)


def _preview(one: Promotion, language: str) -> dict[str, Any]:
    text = prose.drawn(one.text_in(language))
    return {
        "code": language,
        "title": one.title_in(language),
        "text": text,
        "button": one.button_in(language),
    }


def _beside(found: Promotion, now: datetime, language: str) -> list[tuple[UUID, str]]:
    """Others in the same place on some of its days: each person is shown one of them."""
    others = Promotion.objects.to_come_or_running(now).filter(slot=found.slot).exclude(pk=found.pk)
    overlapping = others.filter(begins_at__lt=found.ends_at, ends_at__gt=found.begins_at)
    return [(one.pk, one.title_in(language)) for one in overlapping[:10]]


@staff(PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def new_promotion(request: HttpRequest) -> HttpResponse:
    """Write a draft."""
    if request.method != "POST":
        return _form_page(request, PromotionForm(initial={"audience": Audience.EVERYONE}), None)
    form = PromotionForm(request.POST)
    if form.is_valid():
        try:
            made = writing.write(form.wording, actor=actor(request), now=moment(request))
        except PromotionError as refused:
            words.tell(form, refused)
        else:
            messages.success(request, _("Saved as a draft: nobody sees it before you start it."))
            return redirect("console:promotion", made.pk)
    return _form_page(request, form, None)


@staff(PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_promotion(request: HttpRequest, promotion: UUID) -> HttpResponse:
    """Change it, never over what another tab saved meanwhile."""
    found = _found(promotion)
    if request.method != "POST":
        return _form_page(request, PromotionForm(initial=of(found)), found)
    form = PromotionForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, found)
    seen, who = form.cleaned_data["seen"] or 0, actor(request)
    try:
        writing.change(found.pk, form.wording, seen=seen, actor=who, now=moment(request))
    except ChangedMeanwhile:
        return _form_page(request, _again(request, found.pk), _found(found.pk), changed=True)
    except PromotionError as refused:
        words.tell(form, refused)
        return _form_page(request, form, found)
    messages.success(request, _("Saved."))
    return redirect("console:promotion", found.pk)


def _again(request: HttpRequest, promotion: UUID) -> PromotionForm:
    """What was typed, beside what another tab saved: sending it once more overwrites it knowingly."""
    data = request.POST.copy()
    data["seen"] = str(_found(promotion).revision)
    return PromotionForm(data)


def _form_page(
    request: HttpRequest, form: PromotionForm, found: Promotion | None, *, changed: bool = False
) -> HttpResponse:
    context = {"form": form, "promotion": found, "changed": changed}
    status = 409 if changed else 422 if form.errors else 200
    return render(request, "console/promotions/form.html", context, status=status)


@staff(PLATFORM)
@require_POST
def start_promotion(request: HttpRequest, promotion: UUID) -> HttpResponse:
    """Show it between its days from now on, as it was looked at."""
    found = _found(promotion)
    given = request.POST.get("seen", "")
    seen = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    try:
        row = writing.start(found.pk, seen=seen, actor=actor(request), now=moment(request))
    except PromotionError as refused:
        messages.error(request, str(words.of(refused)))
    else:
        planned = row.state(moment(request)) is State.PLANNED
        messages.success(
            request, _("It is shown from its first day on.") if planned else _("It is shown now.")
        )
    return redirect("console:promotion", found.pk)


@staff(PLATFORM, OFFICER)
@require_POST
def stop_promotion(request: HttpRequest, promotion: UUID) -> HttpResponse:
    """Show it to nobody from now on, for good."""
    found = _found(promotion)
    try:
        writing.stop(found.pk, actor=actor(request), now=moment(request))
    except PromotionError as refused:
        messages.error(request, str(words.of(refused)))
    else:
        messages.success(request, _("Stopped: nobody sees it any more."))
    return redirect("console:promotion", found.pk)


@staff(PLATFORM)
@require_POST
def delete_promotion(request: HttpRequest, promotion: UUID) -> HttpResponse:
    """Remove a draft."""
    found = _found(promotion)
    try:
        writing.delete(found.pk, actor=actor(request), now=moment(request))
    except PromotionError as refused:
        messages.error(request, str(words.of(refused)))
        return redirect("console:promotion", found.pk)
    messages.success(request, _("The draft is deleted."))
    return redirect("console:promotions")


def _found(promotion: UUID) -> Promotion:
    found = Promotion.objects.select_related("segment").filter(pk=promotion).first()
    if found is None:
        raise Http404
    return found
