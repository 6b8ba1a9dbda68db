"""A file on its way out to a browser: to be kept, never to be shown or run."""

from typing import Final

from django.http import FileResponse, HttpResponseBase

from seqlense.documents.keeping import opened
from seqlense.documents.models import Document

SANDBOX: Final = "default-src 'none'; sandbox"


def response(row: Document) -> HttpResponseBase:
    """The file, streamed as it is opened. Raises Missing, Unreadable before anything is sent."""
    answer = FileResponse(
        opened(row), as_attachment=True, filename=row.name, content_type="application/octet-stream"
    )
    answer["Content-Length"] = str(row.size)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "no-store, private"
    return answer
