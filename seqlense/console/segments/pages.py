"""Pages of segments: the list, one of them, writing and ending it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seqlense.audience.segments import belonging, defining, grouping, uses
from seqlense.audience.segments.errors import ChangedMeanwhile, InUse, SegmentError
from seqlense.audience.segments.models import ACTIVITY, Grouping, Segment, shown
from seqlense.audience.segments.rules import EVERYBODY, Rule
from seqlense.console.doors import OFFICER, PLATFORM, actor, may, moment, person, staff
from seqlense.console.pages import page_of
from seqlense.console.segments import words
from seqlense.console.segments.forms import LOOK, SegmentForm, ticks


@staff(PLATFORM, OFFICER)
@require_safe
def segments_page(request: HttpRequest) -> HttpResponse:
    """All segments, the newest first, and what groupings proposed lately."""
    page, language = page_of(request, Segment.objects.all()), get_language() or "fr"
    context = {
        "page": page,
        "rows": [(one, one.name_in(language)) for one in page],
        "groupings": Grouping.objects.all()[:5],
        "writes": may(person(request), PLATFORM),
    }
    return render(request, "console/segments/segments.html", context)


@staff(PLATFORM, OFFICER)
@require_safe
def segment_page(request: HttpRequest, segment: UUID) -> HttpResponse:
    """Its rule in words, its size as far as it may be shown, and what uses it."""
    found, language = _found(segment), get_language() or "fr"
    known = uses.declared()
    context = {
        "segment": found,
        "name": found.name_in(language),
        "rule": found.parsed.said(ACTIVITY),
        "near": _names(found.near, language),
        "used": [(one, one.what[language == "en"] if one.what else "") for one in uses.on_record(found.pk)],
        "uses": [(known[key].label, number) for key, number in uses.running(found.pk).items()],
        "writes": may(person(request), PLATFORM),
    }
    return render(request, "console/segments/segment.html", context)


def _names(near: list[str], language: str) -> list[str]:
    """What a segment is too near to, in words."""
    others = Segment.objects.filter(pk__in=[one for one in near if one != belonging.EVERYBODY])
    everybody = [_("everybody")] if belonging.EVERYBODY in near else []
    return everybody + [one.name_in(language) for one in others]


@staff(PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def new_segment(request: HttpRequest) -> HttpResponse:
    """Write a segment, from nothing or from a proposed group; look first how many people meet the rule."""
    if request.method != "POST":
        rule = _proposed(request)
        started = SegmentForm(initial=ticks(rule) | {"proposed": bool(rule.alternatives)})
        return _form_page(request, started, None)
    form = SegmentForm(request.POST)
    if not form.is_valid() or LOOK in request.POST:
        return _form_page(request, form, None)
    try:
        made = defining.define(
            form.names, form.rule, actor=actor(request), now=moment(request),
            proposed=form.cleaned_data["proposed"],
        )  # fmt: skip
    except SegmentError as refused:
        form.add_error(None, str(words.of(refused)))
        return _form_page(request, form, None)
    messages.success(request, _("Saved. A worker looks now who meets the rule."))
    return redirect("console:segment", made.pk)


def _proposed(request: HttpRequest) -> Rule:
    """The rule of a proposed group that the address names; none where it names none."""
    asked, place = request.GET.get("grouping", ""), request.GET.get("group", "")
    try:
        row = Grouping.objects.filter(pk=UUID(asked)).first()
    except ValueError:
        row = None
    groups = grouping.proposed(row) if row else []
    return next((one.rule for one in groups if str(one.place) == place), EVERYBODY)


@staff(PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_segment(request: HttpRequest, segment: UUID) -> HttpResponse:
    """Change names or rule, never over what another tab saved meanwhile."""
    found = _found(segment)
    if request.method != "POST":
        initial = {"seen": found.revision, "name_fr": found.name_fr, "name_en": found.name_en}
        return _form_page(request, SegmentForm(initial=ticks(found.parsed) | initial), found)
    form = SegmentForm(request.POST)
    if not form.is_valid() or LOOK in request.POST:
        return _form_page(request, form, found)
    return _changed(request, form, found)


def _changed(request: HttpRequest, form: SegmentForm, found: Segment) -> HttpResponse:
    seen = form.cleaned_data["seen"] or 0
    try:
        defining.change(found.pk, form.names, form.rule, seen=seen, actor=actor(request), now=moment(request))
    except ChangedMeanwhile:
        data = {**_posted(request), "seen": _found(found.pk).revision}
        return _form_page(request, SegmentForm(data), _found(found.pk), changed=True)
    except SegmentError as refused:
        form.add_error(None, str(words.of(refused)))
        return _form_page(request, form, found)
    messages.success(request, _("Saved."))
    return redirect("console:segment", found.pk)


def _posted(request: HttpRequest) -> dict[str, object]:
    """What was sent, with every tick of the boxes."""
    return {name: values if name.startswith("rule-") else values[-1] for name, values in request.POST.lists()}


def _form_page(
    request: HttpRequest, form: SegmentForm, found: Segment | None, *, changed: bool = False
) -> HttpResponse:
    looked = form.is_bound and LOOK in request.POST and form.is_valid()
    size = _measured(request, form, found) if looked else None
    context = {
        "form": form,
        "segment": found,
        "changed": changed,
        "saved": found.parsed.said(ACTIVITY) if found and changed else [],
        "size": size,
        "people": shown(size.people) if size and not size.near else None,
        "near": _names(list(size.near), get_language() or "fr") if size else [],
    }
    status = 409 if changed else 422 if form.errors else 200
    return render(request, "console/segments/form.html", context, status=status)


def _measured(request: HttpRequest, form: SegmentForm, found: Segment | None) -> belonging.Size:
    of = found.pk if found else None
    return belonging.measure(form.rule, actor=actor(request), now=moment(request), of=of)


@staff(PLATFORM, OFFICER)
@require_POST
def stop_segment(request: HttpRequest, segment: UUID) -> HttpResponse:
    """End it for good: everybody leaves it now."""
    found = _found(segment)
    defining.stop(found.pk, actor=actor(request), now=moment(request))
    messages.success(request, _("Stopped: nobody is in it any more, and nothing is chosen by it."))
    return redirect("console:segment", found.pk)


@staff(PLATFORM)
@require_POST
def delete_segment(request: HttpRequest, segment: UUID) -> HttpResponse:
    """Remove it, unless something that runs is addressed to it."""
    found = _found(segment)
    try:
        defining.delete(found.pk, actor=actor(request), now=moment(request))
    except InUse as refused:
        messages.error(request, str(words.of(refused)))
        return redirect("console:segment", found.pk)
    messages.success(request, _("The segment is deleted."))
    return redirect("console:segments")


def _found(segment: UUID) -> Segment:
    found = Segment.objects.filter(pk=segment).first()
    if found is None:
        raise Http404
    return found
