"""The pages of my data."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seqlense.accounts import doors
from seqlense.privacy import access, requests, running, switches
from seqlense.privacy.access.readable import RIGHTS
from seqlense.privacy.records import RightsRequest
from seqlense.privacy.switches import RequestText, Switch
from seqlense.register import DataItem
from seqlense.site.mydata import picture, rights
from seqlense.site.mydata.rights import Said


@require_safe
@never_cache
def my_data(request: HttpRequest) -> HttpResponse:
    """By activity: what is held, why, on what basis, who receives it, until when."""
    found = access.everything(doors.person(request).subject_id, now=doors.moment(request))
    switched = switches.in_force(found.subject)
    cards = picture.cards(found, switched)
    others = rights.others({card.held.activity.id for card in cards}, switched)
    context = {"access": found, "cards": cards, "others": others, "goings": picture.goings(cards)}
    return render(request, "site/mydata/my_data.html", context)


@require_POST
@never_cache
@doors.recently_confirmed
def download(request: HttpRequest) -> HttpResponse:
    """All of it as a ZIP of JSON; the request is noted as answered."""
    person, now = doors.person(request), doors.moment(request)
    packed = access.copy_of(person.subject_id, actor=doors.actor(request), now=now)
    response = HttpResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="my-data-{now:%Y-%m-%d}.zip"'
    return response


@dataclass(frozen=True, kw_only=True)
class Past:
    """A request as the history shows it, its outcome by item or by use, and what was written."""

    request: RightsRequest
    right: str | Promise
    erased: tuple[DataItem, ...]
    kept: tuple[DataItem, ...]
    said: tuple[Said, ...]
    texts: tuple[RequestText, ...]


@require_safe
@never_cache
def my_requests(request: HttpRequest) -> HttpResponse:
    """The person's requests, latest first, and what came of each."""
    subject = doors.person(request).subject_id
    texts: dict[UUID, list[RequestText]] = {}
    for text in RequestText.objects.filter(subject_id=subject):
        texts.setdefault(text.request_id, []).append(text)
    switched = {one.request_id: one for one in Switch.objects.filter(subject_id=subject)}
    history = requests.history(subject)
    past = [_past(one, texts.get(one.pk, []), switched.get(one.pk)) for one in history]
    return render(request, "site/mydata/requests.html", {"past": past})


def _past(one: RightsRequest, texts: list[RequestText], switched: Switch | None) -> Past:
    def items(outcome: str) -> tuple[DataItem, ...]:
        keys = dict.fromkeys(entry["item"] for entry in one.outcome if entry.get("outcome") == outcome)
        return tuple(found for key in keys if (found := running.register().items.get(key)))

    right = RIGHTS[RightsRequest.Kind(one.kind)]
    return Past(
        request=one,
        right=right,
        erased=items("erased"),
        kept=items("kept"),
        said=rights.said(one, switched),
        texts=tuple(texts),
    )
