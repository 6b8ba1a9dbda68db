"""What visitors were shown: texts, code and pictures of one version."""

import html
import re
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from seqlense.console.doors import OFFICER, PLATFORM, staff
from seqlense.privacy.consent.models import Display, Picture

PARTS: Final = re.compile(r"(?:</?(?:a|details|p|span|summary)\b[^>]*>\s*)+")
TAG: Final = re.compile(r"<[^>]*>")


@staff(PLATFORM, OFFICER)
@require_safe
def display_page(request: HttpRequest, version: str) -> HttpResponse:
    """One version, as it was and as it looked."""
    found = get_object_or_404(Display, pk=version)
    pictures = found.pictures.defer("png").order_by("-theme")
    texts = [(name, _read(text)) for name, text in sorted(found.texts.items())]
    context = {"display": found, "texts": texts, "pictures": pictures}
    return render(request, "console/consents/display.html", context)


@staff(PLATFORM, OFFICER)
@require_safe
def picture(request: HttpRequest, version: str, theme: str) -> HttpResponse:
    """How it looked in a browser."""
    found = Picture.objects.filter(display_id=version, theme=theme).first()
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.png), content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response


def _read(text: str) -> str:
    """A text that the page takes as HTML, as it is read there: one part a line."""
    return html.unescape(TAG.sub("", PARTS.sub("\n", text)).strip())
