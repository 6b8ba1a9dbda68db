"""Receipts as a file, for an authority or an audit: what the filter shows, under opaque ids."""

import csv
import io
import json
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from seqlense.console.consents.wanted import FilterForm
from seqlense.console.doors import OFFICER, actor, moment, recently_confirmed, staff
from seqlense.privacy import acts
from seqlense.privacy.consent import keeping, record
from seqlense.privacy.consent.models import Receipt

MOST: Final = 20_000
COLUMNS: Final = (
    "receipt", "at", "kind", "purpose", "accepted", "refused", "how", "shown", "language", "register_version",
    "previous", "ended_at", "subject",
)  # fmt: skip


@staff(OFFICER)
@require_POST
@never_cache
@recently_confirmed
def export(request: HttpRequest, form: str) -> HttpResponse:
    """CSV with a row a receipt, or JSON with each in full. That somebody exported is written down."""
    if form not in ("csv", "json"):
        raise Http404
    found = keeping.search(FilterForm(request.GET or None).wanted(), limit=MOST)
    acts.record("console.consents_exported", actor=actor(request), now=moment(request), rows=len(found))
    made = _as_csv(found) if form == "csv" else json.dumps(record.records(found), ensure_ascii=False)
    kind = "text/csv; charset=utf-8" if form == "csv" else record.MEDIA_TYPE
    response = HttpResponse(made, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="consents-{moment(request):%Y-%m-%d}.{form}"'
    return response


def _as_csv(found: list[Receipt]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(
        (
            one.pk, one.at.isoformat(), one.kind, one.purpose, " ".join(sorted(one.accepted)),
            " ".join(sorted(one.refused)), one.how, one.shown, one.language, one.register_version,
            one.previous or "", one.ended_at.isoformat() if one.ended_at else "", one.subject_id or "",
        )
        for one in found
    )  # fmt: skip
    return file.getvalue()
