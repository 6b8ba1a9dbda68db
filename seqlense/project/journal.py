"""The process's journal: what failed and where, never the values it failed on."""

import logging
import traceback
from types import TracebackType

type ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class ImpersonalFormatter(logging.Formatter):
    """Prints an exception as its types, codes and places.

    The message of an exception may quote what a person typed (a constraint's DETAIL, a refused recipient).
    Places are enough to find the fault.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 (the standard library's name)
        error = ei[1]
        lines: list[str] = []
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines.append(_headline(error))
            lines.extend(
                f"  {frame.filename}:{frame.lineno} in {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            )
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def _headline(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    code = getattr(error, "code", None) or getattr(error, "sqlstate", None)
    return f"{name} ({code})" if isinstance(code, str | int) else name


class WithoutAddresses(logging.Filter):
    """Of a request that failed, the view alone: its path may hold a link's token, its host anything."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and record.name.startswith("django."):
            match = getattr(request, "resolver_match", None)
            record.msg = "%s in %s"
            record.args = (getattr(record, "status_code", "?"), match.view_name if match else "no page")
            if record.name.startswith("django.security."):
                record.exc_info = record.exc_text = None  # refused, as meant: there is no fault to find
        return True
