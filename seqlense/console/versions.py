"""Versions of the register compared, and the running one exported."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from seqlense.console.doors import OFFICER, PLATFORM, staff
from seqlense.privacy import running
from seqlense.privacy.records import RegisterVersion
from seqlense.register import exports
from seqlense.register.diff import diff
from seqlense.register.diff_kinds import KINDS
from seqlense.register.exports import as_json


@staff(PLATFORM, OFFICER)
@require_safe
def difference(request: HttpRequest) -> HttpResponse:
    """What changed between two versions that ran, and who must be told."""
    versions = [
        get_object_or_404(RegisterVersion, pk=request.GET.get(side, "").replace("\0", ""))
        for side in ("before", "after")
    ]
    before, after = (as_json.from_document(one.content) for one in versions)
    found = diff(before, after)
    context: dict[str, Any] = {
        "versions": versions,
        "changes": [(one, KINDS[one.kind].said) for one in found.changes],
        "told": [(who.label, len(changes)) for who, changes in found.told.items()],
    }
    return render(request, "console/difference.html", context)


@staff(PLATFORM, OFFICER)
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The running register as a file: JSON, CSV, XLSX, or W3C DPV as JSON-LD."""
    if form not in exports.FORMATS:
        raise Http404
    register = running.register()
    made = exports.export(register, form, language=get_language() or "fr")
    response = HttpResponse(made, content_type=exports.MEDIA_TYPES[form])
    name = f"register-{register.version[:12]}.{exports.SUFFIXES[form]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
