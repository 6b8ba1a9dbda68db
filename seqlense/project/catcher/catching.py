"""The SMTP side, and both sides together."""

import asyncio
import socket
import threading
from collections.abc import Awaitable
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from seqlense.kit import clock
from seqlense.project.catcher.mailbox import Mailbox
from seqlense.project.catcher.pages import Pages

LARGEST = 5 * 1024 * 1024


class Catcher:
    """Both servers, each in a thread, from `start` to `stop` (or as a context). Port 0 takes a free one.

    Making it raises OSError when a port is taken.
    """

    def __init__(self, *, smtp_port: int = 0, http_port: int | None = None) -> None:
        self.mailbox = Mailbox()
        self._smtp = Listener(
            _Handler(self.mailbox),
            port=smtp_port,
            ident="catcher",
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            decode_data=False,
        )
        try:
            self._pages = None if http_port is None else Pages(http_port, self.mailbox)
        except OSError:
            self._smtp.close()
            raise

    @property
    def smtp_port(self) -> int:
        return int(self._smtp.port)

    @property
    def http_port(self) -> int:
        return self._pages.server_address[1] if self._pages else 0

    def start(self) -> None:
        """Answer what comes in on the ports, which are taken already."""
        self._smtp.start()
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


class Listener(Controller):
    """Listens on the loopback interface once made, on a free port for port 0; greets as localhost."""

    def __init__(self, handler: object, *, port: int = 0, **options: Any) -> None:
        self._listening = socket.create_server(("127.0.0.1", port))
        super().__init__(handler, hostname="127.0.0.1", port=self._listening.getsockname()[1], **options)

    def factory(self) -> SMTP:
        return SMTP(self.handler, hostname="localhost", **self.SMTP_kwargs)

    def close(self) -> None:
        """Let go of the port without ever having started."""
        self._listening.close()

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening, ssl=self.ssl_context)


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
