"""The only way in for files: a view that says so, and an upload handler that never writes them in clear.

`FILE_UPLOAD_HANDLERS` is empty: elsewhere what is sent is dropped. A view marked `takes_files` gets its
files sealed from the first byte. Limits are counted while they come: a file that is too large is no longer
read into anything, and the rest of the form still arrives, so that nothing typed is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from seqlense.documents.arriving import Arrived, Arriving
from seqlense.documents.errors import DocumentError, FileRefused, NoRoom, TooMuch
from seqlense.documents.examining import examine

type View = Callable[..., HttpResponseBase]

MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 10 * MEGABYTE
MOST: Final = 5
ALTOGETHER: Final = 20 * MEGABYTE
REFUSED_UNREAD: Final = 64 * MEGABYTE
"""Of a request that says it is larger than this nothing is read."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """At most `most` files of `largest` bytes each, `altogether` bytes in one message."""

    largest: int = LARGEST
    most: int = MOST
    altogether: int = ALTOGETHER


@dataclass
class Files:
    """What came with a request. refused: (name as sent, why), for the form; too_much: of all together."""

    arrived: list[Arrived] = field(default_factory=list)
    refused: list[tuple[str, DocumentError]] = field(default_factory=list)

    def drop(self) -> None:
        """Forget them all: taken over by now, or refused with the rest."""
        for one in self.arrived:
            one.drop()
        self.arrived.clear()


class Receiver(FileUploadHandler):
    """Django's side: told of each file's beginning, pieces and end."""

    def __init__(self, request: HttpRequest, files: Files, limits: Limits) -> None:
        super().__init__(request)
        self.files, self.limits = files, limits
        self._arriving: Arriving | None = None
        self._called, self._bytes, self._seen = "", 0, 0

    def new_file(self, field_name: str, file_name: str, *args: Any, **named: Any) -> None:
        super().new_file(field_name, file_name, *args, **named)
        self._called = file_name
        self._seen += 1
        if self._seen > self.limits.most:
            self._refuse(TooMuch("documents.files.many"))
        try:
            self._arriving = Arriving()
        except NoRoom as refused:
            self._refuse(refused)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        arriving = self._arriving
        assert arriving is not None
        self._bytes += len(raw_data)
        if arriving.size + len(raw_data) > self.limits.largest:
            self._refuse(FileRefused("documents.file.large"))
        if self._bytes > self.limits.altogether:
            self._refuse(TooMuch("documents.files.large"))
        try:
            arriving.write(raw_data)
        except NoRoom as refused:
            self._refuse(refused)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        arriving, self._arriving = self._arriving, None
        assert arriving is not None
        try:
            content = arriving.whole()
            name, kind = examine(content, self._called)
        except DocumentError as refused:
            arriving.drop()
            self.files.refused.append((self._called, refused))
        else:
            self.files.arrived.append(Arrived(arriving, content, name=name, kind=kind))
        return None

    def upload_interrupted(self) -> None:
        self._let_go()

    def _refuse(self, refused: DocumentError) -> None:
        self._let_go()
        self.files.refused.append((self._called, refused))
        raise SkipFile

    def _let_go(self) -> None:
        arriving, self._arriving = self._arriving, None
        if arriving is not None:
            arriving.drop()


def files_of(request: HttpRequest) -> Files:
    """What came with a request to a view that takes files."""
    found: Files = request.files_received  # type: ignore[attr-defined]  # set by takes_files
    return found


def too_large(request: HttpRequest) -> bool:
    """Whether a request says it is larger than anything that is read."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return not said.isdecimal() or int(said) > REFUSED_UNREAD


def _all_is_here(request: HttpRequest) -> bool:
    """Read it; False where it holds more files, fields or text than any form of ours."""
    try:
        return request.POST is not None
    except (TooManyFilesSent, TooManyFieldsSent, RequestDataTooBig):
        return False


def takes_files(refuse: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[View], View]:
    """The view receives files. refuse: the answer to a request too large to be read at all.

    The token against forgery is in the form, so it is checked once the handler is in its place. However
    slowly files come, no transaction waits for them: the view's own begins when all is here. Whoever checks
    who is there does so around this, before anything is read.
    """

    def decorate(view: View) -> View:
        inner = csrf_protect(view)

        @wraps(view)
        def receiving(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
            if too_large(request):
                return refuse(request)
            files = Files()
            request.files_received = files  # type: ignore[attr-defined]  # read by files_of
            request.upload_handlers = [Receiver(request, files, Limits())]
            try:
                if not _all_is_here(request):
                    return refuse(request)
                with transaction.atomic():
                    return inner(request, *args, **named)
            finally:
                files.drop()

        return transaction.non_atomic_requests(csrf_exempt(receiving))

    return decorate
