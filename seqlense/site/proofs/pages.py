"""The pages of proofs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db.transaction import non_atomic_requests
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seqlense.accounts import doors
from seqlense.privacy import proofs
from seqlense.privacy.log.errors import LogError, NotSealed
from seqlense.privacy.proofs import ProofFile
from seqlense.privacy.proofs.errors import NothingToProve
from seqlense.privacy.proofs.proof_file import ENDING, MEDIA_TYPE
from seqlense.site.proofs import farewell
from seqlense.site.proofs.words import KINDS


@dataclass(frozen=True)
class Shown:
    """An act of the proof, in words."""

    what: str | Promise
    at: datetime
    index: int


@require_safe
@never_cache
def request_proof(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """What the proof of one request holds, what it proves, and the file."""
    context: dict[str, Any] = {"request_id": identifier}
    try:
        found = _proof(request, identifier)
        context |= {"acts": _shown(found), "stamped": found.stamped, "size": found.size}
    except NotSealed:
        context["sealing"] = True
    except LogError:
        context["away"] = True
    return render(request, "site/proofs/request.html", context)


@require_safe
@never_cache
def request_proof_file(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """The file itself."""
    try:
        return _handed_over(_proof(request, identifier), f"{identifier}{ENDING}")
    except LogError:
        return _later(request)


@require_POST
@login_not_required
@never_cache
def farewell_proof(request: HttpRequest) -> HttpResponse:
    """The proof of the erasure, once, to whoever has just closed their account."""
    opening = farewell.opening(request)
    if opening is None:
        because = _(
            "The proof could be taken here once, within a quarter of an hour. We no longer know who you are, "
            "so we can't hand it over later."
        )
        return render(request, "410.html", {"because": because}, status=410)
    act, salt = opening
    try:
        found = proofs.file_of_acts([act], salts={act: salt}, now=doors.moment(request))
    except LogError:
        return _later(request)
    response = _handed_over(found, f"{act}{ENDING}")
    farewell.over(response)
    return response


@require_safe
@login_not_required
def about(request: HttpRequest) -> HttpResponse:
    """What a proof proves and what it can't, for whoever was handed one."""
    return render(request, "site/proofs/about.html")


@require_safe
@login_not_required
@non_atomic_requests
def script(request: HttpRequest) -> HttpResponse:
    """The verifier, to read and to run."""
    response = HttpResponse(proofs.script().read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{proofs.script().name}"'
    return response


def _proof(request: HttpRequest, identifier: UUID) -> ProofFile:
    subject = doors.person(request).subject_id
    try:
        return proofs.file_of(identifier, subject=subject, now=doors.moment(request))
    except NothingToProve:
        raise Http404 from None


def _shown(found: ProofFile) -> list[Shown]:
    acts = [(one.opened.act, one.opened.index) for one in found.entries]
    return [
        Shown(KINDS.get(act["kind"], act["kind"]), datetime.fromisoformat(act["at"]), index)
        for act, index in acts
    ]


def _handed_over(found: ProofFile, name: str) -> HttpResponse:
    response = HttpResponse(found.as_bytes(), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _later(request: HttpRequest) -> HttpResponse:
    """Not in the log yet, or the log can't be read just now."""
    response = render(request, "site/proofs/later.html", status=503)
    response["Retry-After"] = "2"
    return response
