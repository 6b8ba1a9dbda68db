"""The SMTP side, and both sides together."""

import socket
import threading
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from seqlense.kit import clock
from seqlense.project.catcher.mailbox import Mailbox
from seqlense.project.catcher.pages import Pages

LARGEST = 5 * 1024 * 1024


class Catcher:
    """Both servers, each in a thread, from `start` to `stop` (or as a context). Port 0 takes a free one."""

    def __init__(self, *, smtp_port: int = 0, http_port: int | None = None) -> None:
        self.mailbox = Mailbox()
        self._smtp = _Smtp(
            _Handler(self.mailbox),
            hostname="127.0.0.1",
            port=smtp_port or free_port(),
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            decode_data=False,
        )
        self._pages = None if http_port is None else Pages(http_port, self.mailbox)

    @property
    def smtp_port(self) -> int:
        return int(self._smtp.port)

    @property
    def http_port(self) -> int:
        return self._pages.server_address[1] if self._pages else 0

    def start(self) -> None:
        """Raises OSError when a port is taken."""
        try:
            self._smtp.start()
        except OSError:
            if self._pages:
                self._pages.server_close()
            raise
        if self._pages:
            threading.Thread(target=self._pages.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self) -> None:
        self._smtp.stop()
        if self._pages:
            self._pages.shutdown()
            self._pages.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Smtp(Controller):
    """Without the name of this machine in its greeting."""

    def factory(self) -> SMTP:
        return SMTP(self.handler, hostname="localhost", ident="catcher", **self.SMTP_kwargs)


class _Handler:
    """What is done with a message: it is put in the mailbox."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's)
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.mailbox.add(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            content=content,
            now=clock.now(),
        )
        return "250 2.0.0 Caught"


def free_port() -> int:
    """A port of the loopback interface that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
