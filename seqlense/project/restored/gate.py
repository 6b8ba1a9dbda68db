"""Nothing is served, and no task is taken, from data that was restored and not finished.

Pages and worker ask every few seconds, and at each new line to the database: one that was restored under them
has cut off the old ones.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from seqlense.privacy.errors import PrivacyError
from seqlense.privacy.restoring import Lock, Locked, locked

type Handler = Callable[[HttpRequest], HttpResponse]

EVERY: Final = 2.0
"""Seconds for which an answer is believed."""
SOON: Final = 0.5
"""Seconds between a worker's own questions: its lines to the tasks come back by themselves."""
RETRY_AFTER: Final = 120
OPEN: Final = ("/static/", "/robots.txt", "/favicon.ico", "/.well-known/")
"""What tells a monitor or a browser nothing of anybody, and asks nothing of the database."""


class _Watch:
    """The last answer, for all threads of this process."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._asked = float("-inf")
        self._found: Lock | None = None
        self._asking = threading.local()

    def look(self) -> Lock | None:
        """Why nothing may be served; what was known last while the database doesn't answer."""
        if time.monotonic() - self._asked > EVERY:
            with self._turn:
                if time.monotonic() - self._asked > EVERY:
                    self._ask()
        return self._found

    def afresh(self) -> Lock | None:
        """The same, asked now."""
        self._asked = float("-inf")
        return self.look()

    def until_locked(self, ended: threading.Event) -> None:
        """Returns when data was restored under this process, or when `ended` is set."""
        while self.afresh() is None and not ended.wait(SOON):
            pass

    def _ask(self) -> None:
        self._asking.now = True
        try:
            self._found = locked()
        except PrivacyError:
            pass  # whoever needs that part meets the same fault, and says it
        except (DatabaseError, InterfaceError):
            connections[DEFAULT_DB_ALIAS].close()
        finally:
            self._asking.now = False
            self._asked = time.monotonic()

    def new_line(self, connection: Any, **_: object) -> None:
        """Receiver: a line to the database was opened. Closes it and raises Locked if nothing may use it."""
        if connection.alias != DEFAULT_DB_ALIAS or getattr(self._asking, "now", False):
            return
        if self.afresh() is not None:
            connection.close()
            raise Locked("The data was restored from a copy: seqlense restore finish")


watch = _Watch()


def close() -> None:
    """From now on this process uses no line to a locked database."""
    connection_created.connect(watch.new_line, dispatch_uid="seqlense.project.restored.gate")


def restore_lock(get_response: Handler) -> Handler:
    """Middleware: while locked, one plain page for every address but those of machines."""
    if settings.SEQLENSE_MODE == "test":
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN) or watch.look() is None:
            return get_response(request)
        return page(request)

    return middleware


def page(request: HttpRequest) -> HttpResponse:
    """503, in the visitor's language."""
    with translation.override(translation.get_language_from_request(request, check_path=True)):
        content = render_to_string("503_restoring.html")
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(content, status=503, headers=headers)
