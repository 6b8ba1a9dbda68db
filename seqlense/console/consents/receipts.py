"""Receipts, for the data-protection officer: found, read and proven; a person's for a reason only."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seqlense.console import accounts
from seqlense.console.consents.wanted import FilterForm
from seqlense.console.doors import OFFICER, moment, staff
from seqlense.console.pages import ROWS
from seqlense.privacy.consent import keeping, proving, record, words
from seqlense.privacy.consent.models import Display, Receipt
from seqlense.privacy.log.errors import LogError, NotSealed
from seqlense.privacy.models import Subject
from seqlense.privacy.proofs.proof_file import ENDING, MEDIA_TYPE


@staff(OFFICER)
@require_safe
@never_cache
def receipts_page(request: HttpRequest) -> HttpResponse:
    """By number, period, what was asked, what was shown. Whose they are is said nowhere in the list."""
    form = FilterForm(request.GET or None)
    wanted = form.wanted()
    if form.is_bound and form.is_valid() and form.cleaned_data["receipt"]:
        return redirect("console:consent_receipt", form.cleaned_data["receipt"])
    page = _page(request)
    found = keeping.search(wanted, limit=ROWS + 1, offset=page * ROWS)
    query = request.GET.copy()
    query.pop("page", None)
    context: dict[str, Any] = {
        "form": form,
        "rows": [words.shown(one) for one in found[:ROWS]],
        "query": query.urlencode(),
        "earlier": page + 2 if len(found) > ROWS else None,
        "later": page or None,
    }
    return render(request, "console/consents/receipts.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest) -> int:
    """Pages to leave out before the one asked for; none for nonsense."""
    asked = request.GET.get("page", "")
    return max(0, int(asked) - 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0


@staff(OFFICER)
@never_cache
def person_page(request: HttpRequest, subject: UUID) -> HttpResponse:
    """All consents and choices of one person, behind a reason."""
    if not Subject.objects.filter(pk=subject).exists():
        raise Http404
    if request.method == "POST" or not accounts.is_open(request, subject):
        return accounts.reason_page(request, subject, then="console:consents_of")
    rows = [words.shown(one) for one in keeping.of(subject)]
    return render(request, "console/consents/person.html", {"rows": rows, "subject": subject})


@staff(OFFICER)
@require_safe
@never_cache
def receipt_page(request: HttpRequest, receipt: UUID) -> HttpResponse:
    """What was shown, what was answered, when and how; and the files that prove it."""
    found = _found(receipt)
    if _closed(request, found):
        return redirect("console:consents_of", found.subject_id)
    context: dict[str, Any] = {
        "shown": words.shown(found),
        "display": Display.objects.filter(pk=found.shown).first(),
        "chain": [words.shown(one) for one in keeping.chain(found)[1:]],
        "now": moment(request),
    }
    return render(request, "console/consents/receipt.html", context)


@staff(OFFICER)
@require_safe
@never_cache
def receipt_file(request: HttpRequest, receipt: UUID) -> HttpResponse:
    """The receipt as ISO/IEC TS 27560 has it."""
    found = _found(receipt)
    if _closed(request, found):
        return redirect("console:consents_of", found.subject_id)
    response = HttpResponse(
        json.dumps(record.record(found), ensure_ascii=False, indent=2), content_type=record.MEDIA_TYPE
    )
    response["Content-Disposition"] = f'attachment; filename="consent-{found.pk}.json"'
    return response


@staff(OFFICER)
@require_safe
@never_cache
def receipt_proof(request: HttpRequest, receipt: UUID) -> HttpResponse:
    """What outsiders verify it by."""
    found = _found(receipt)
    if _closed(request, found):
        return redirect("console:consents_of", found.subject_id)
    try:
        proof = proving.proof_of(found.pk, now=moment(request))
    except LogError as refused:
        context = {"sealing": isinstance(refused, NotSealed), "receipt": found.pk}
        return render(request, "console/consents/later.html", context, status=503)
    response = HttpResponse(proof.as_bytes(), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="consent-{found.pk}{ENDING}"'
    return response


def _found(receipt: UUID) -> Receipt:
    found = keeping.find(receipt)
    if found is None:
        raise Http404
    return found


def _closed(request: HttpRequest, found: Receipt) -> bool:
    """Whether it is a person's, for whose file no reason was given."""
    return found.subject_id is not None and not accounts.is_open(request, found.subject_id)
