"""When a part is out of reach, people are told that, and not that we made a mistake."""

import sqlite3
import sys
from collections.abc import Iterator
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views import defaults

from seqlense.privacy.keystore.errors import KeystoreError
from seqlense.privacy.restoring import Locked
from seqlense.project.restored import gate

RETRY_AFTER: Final = 30
"""Seconds after which a browser or a crawler may come again."""


def failed(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: the failure at hand is either an outage or ours."""
    with translation.override(translation.get_language_from_request(request, check_path=True)):
        if restored(error := sys.exception()):
            return gate.page(request)
        if not out_of_reach(error):
            return defaults.server_error(request)
        page = render_to_string("503.html")
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)


def restored(error: BaseException | None) -> bool:
    """Whether the data was put back from a copy and isn't complete."""
    return any(isinstance(one, Locked) for one in _chain(error))


def out_of_reach(error: BaseException | None) -> bool:
    """Whether the database or the keystore didn't answer, at any point of what led here."""
    for one in _chain(error):
        if isinstance(one, OperationalError | InterfaceError | KeystoreError):
            return True
        if isinstance(one, DatabaseError) and type(one.__cause__) is sqlite3.DatabaseError:
            return True  # the keystore's file is damaged
    return False


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
