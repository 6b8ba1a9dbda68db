"""When a part is out of reach, people are told that, and not that we made a mistake."""

import sqlite3
import sys
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views import defaults

from seqlense.privacy.keystore.errors import KeystoreError

RETRY_AFTER: Final = 30
"""Seconds after which a browser or a crawler may come again."""


def failed(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: the failure at hand is either an outage or ours."""
    with translation.override(translation.get_language_from_request(request, check_path=True)):
        if not out_of_reach(sys.exception()):
            return defaults.server_error(request)
        page = render_to_string("503.html")
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)


def out_of_reach(error: BaseException | None) -> bool:
    """Whether the database or the keystore didn't answer, at any point of what led here."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OperationalError | InterfaceError | KeystoreError):
            return True
        if isinstance(error, DatabaseError) and type(error.__cause__) is sqlite3.DatabaseError:
            return True  # the keystore's file is damaged
        error = error.__cause__ or error.__context__
    return False
