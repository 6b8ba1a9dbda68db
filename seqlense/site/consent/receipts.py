"""A visitor's receipt: seen and taken away by the browser whose choice it is, and by nobody else.

The number of the receipt stands in the browser's signed cookie. There is no other way to it: no address names
one.
"""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seqlense.accounts.doors import moment
from seqlense.privacy.consent import choices, keeping, proving, record, words
from seqlense.privacy.consent.models import Receipt
from seqlense.privacy.log.errors import LogError, NotSealed
from seqlense.privacy.proofs.proof_file import ENDING, MEDIA_TYPE


@require_safe
@login_not_required
@never_cache
def receipt(request: HttpRequest) -> HttpResponse:
    """What this browser chose, when, how, and the file that says so."""
    choice, found = choices.choice(request), _own(request)
    context: dict[str, Any] = {
        "choice": choice,
        "shown": words.shown(found) if found is not None else None,
        "accepted": [words.service(name) for name in sorted(choice.accepted)] if choice else [],
        "refused": [words.service(name) for name in sorted(choice.refused)] if choice else [],
    }
    return render(request, "site/consent/receipt.html", context)


@require_safe
@login_not_required
@never_cache
def receipt_file(request: HttpRequest) -> HttpResponse:
    """The receipt as ISO/IEC TS 27560 has it."""
    return as_file(_or_gone(_own(request)))


@require_safe
@login_not_required
@never_cache
def receipt_proof(request: HttpRequest) -> HttpResponse:
    """What outsiders verify it by."""
    return as_proof(request, _or_gone(_own(request)))


def as_file(found: Receipt) -> HttpResponse:
    """A receipt to keep."""
    response = HttpResponse(
        json.dumps(record.record(found), ensure_ascii=False, indent=2), content_type=record.MEDIA_TYPE
    )
    response["Content-Disposition"] = f'attachment; filename="consent-{found.pk}.json"'
    return response


def as_proof(request: HttpRequest, found: Receipt) -> HttpResponse:
    """Its proof; within the first second of its life, and while the log can't be read, a page that says
    so.
    """
    try:
        proof = proving.proof_of(found.pk, now=moment(request))
    except NotSealed:
        return later(request, sealing=True)
    except LogError:
        return later(request, sealing=False)
    response = HttpResponse(proof.as_bytes(), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="consent-{found.pk}{ENDING}"'
    return response


def later(request: HttpRequest, *, sealing: bool) -> HttpResponse:
    """The proof can't be made just now."""
    return render(request, "site/consent/later.html", {"sealing": sealing}, status=503)


def _own(request: HttpRequest) -> Receipt | None:
    choice = choices.kept(request, now=moment(request))
    return keeping.find(choice.receipt) if choice is not None and choice.receipt is not None else None


def _or_gone(found: Receipt | None) -> Receipt:
    if found is None:
        raise Http404
    return found
