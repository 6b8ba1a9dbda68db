"""A device keeps the key: a hardware security module, or whatever speaks PKCS#11.

In the device lies one AES key for each epoch, which never leaves it; the epoch's file holds the epoch's key
encrypted under it (AES-256-GCM). To destroy the epoch is to destroy both.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from seqlense.privacy.keystore.envelope import Hidden, Secret
from seqlense.privacy.keystore.errors import (
    CustodyMissing,
    EpochKeyMissing,
    EpochKeyUnreadable,
    TokenAway,
)
from seqlense.privacy.keystore.keyfiles import Lines

if TYPE_CHECKING:
    from pkcs11 import Session

    from seqlense.privacy.keystore.custody.epoch import Epoch

_NONCE_BYTES = 12
_BOUND = b"seqlense epoch key in a token\x00"


class InToken:
    """See Custody. `settings.SEQLENSE_PKCS11_MODULE`, `_TOKEN` and `_PIN_FILE` say which device."""

    name = "pkcs11"
    title = "seqlense epoch key, wrapped by a token, format 1"

    def keep(self, secret: Secret, epoch: Epoch) -> Lines:
        nonce = os.urandom(_NONCE_BYTES)

        def wrap(session: Session) -> bytes:
            for former in _found(session, epoch):
                former.destroy()
            return bytes(secret.handed_to(partial(_new(session, epoch).encrypt, **_gcm(nonce, epoch))))

        wrapped = _at_the_token(wrap, writing=True)
        content = nonce + wrapped
        return Lines(self.title, label=_label(epoch), wrapped=content.hex(), intact=_digest(content))

    def fetch(self, lines: Lines, epoch: Epoch, path: Path) -> Secret:
        content = bytes.fromhex(lines.get("wrapped"))
        nonce, wrapped = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        if lines.get("intact") != _digest(content):
            raise ValueError("Not what was written.")

        def unwrap(session: Session) -> Secret | None:
            found = _found(session, epoch)
            return Secret(found[0].decrypt(wrapped, **_gcm(nonce, epoch))) if found else None

        secret = _at_the_token(unwrap)
        if secret is None:
            raise EpochKeyMissing(
                f"The token holds no key {_label(epoch)!r}, which {path} needs. "
                "Put back the token's own backup."
            )
        return secret

    def discard(self, epoch: Epoch) -> None:
        def destroy(session: Session) -> None:
            for key in _found(session, epoch):
                key.destroy()

        _at_the_token(destroy, writing=True)

    def configured(self) -> bool:
        return all(getattr(settings, name, None) for name in _NAMES)


_NAMES = ("SEQLENSE_PKCS11_MODULE", "SEQLENSE_PKCS11_TOKEN", "SEQLENSE_PKCS11_PIN_FILE")


def _digest(content: bytes) -> str:
    """By which damage to the file shows, told apart from a token's refusal."""
    return sha256(content).hexdigest()[:32]


def _label(epoch: Epoch) -> str:
    return f"seqlense {epoch.installation} {epoch.number:06}"


def _found(session: Session, epoch: Epoch) -> list[Any]:
    from pkcs11 import Attribute, ObjectClass

    wanted = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: _label(epoch)}
    return list(session.get_objects(wanted))


def _new(session: Session, epoch: Epoch) -> Any:
    from pkcs11 import Attribute, KeyType, MechanismFlag

    return session.generate_key(
        KeyType.AES,
        256,
        label=_label(epoch),
        id=epoch.as_bytes,
        store=True,
        capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
        template={Attribute.PRIVATE: True, Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    )


def _gcm(nonce: bytes, epoch: Epoch) -> dict[str, Any]:
    from pkcs11 import GCMParams, Mechanism

    return {"mechanism": Mechanism.AES_GCM, "mechanism_param": GCMParams(nonce, _BOUND + epoch.as_bytes)}


class _Device:
    """The library in this process. A session at a time: signing in counts for the whole process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: int | None = None
        self.refused: tuple[str, int] | None = None
        """The PIN file that was refused: asking again and again would lock the device."""


_device = _Device()


def _at_the_token[Answer](do: Callable[[Session], Answer], *, writing: bool = False) -> Answer:
    """Raises TokenAway or CustodyMissing, whose message quotes neither key nor PIN."""
    if not InToken().configured():
        raise CustodyMissing(f"A token keeps the epoch key: set {', '.join(_NAMES)}.")
    try:
        from pkcs11.exceptions import PKCS11Error
    except ImportError:
        raise CustodyMissing("A token keeps the epoch key: install seqlense[pkcs11].") from None
    try:
        with _device.lock, _signed_in(writing=writing) as session:
            return do(session)
    except PKCS11Error as refused:
        fault = type(refused).__name__
    except OSError as refused:
        fault = f"{refused.filename}: {refused.strerror}"
    # Raised out here, without what it came from: the library's frames have keys among their variables.
    raise TokenAway(
        f"The token {settings.SEQLENSE_PKCS11_TOKEN!r} refuses ({fault}). "
        "Put the device, its library and its PIN right."
    )


@contextmanager
def _signed_in(*, writing: bool) -> Iterator[Session]:
    import pkcs11

    library = pkcs11.lib(str(settings.SEQLENSE_PKCS11_MODULE))
    if _device.process not in (None, os.getpid()):
        library.reinitialize()  # a process that was forked has to begin anew
    _device.process = os.getpid()
    token = library.get_token(token_label=str(settings.SEQLENSE_PKCS11_TOKEN))
    path = Path(str(settings.SEQLENSE_PKCS11_PIN_FILE))
    state = path.stat()
    if state.st_mode & 0o077:
        raise EpochKeyUnreadable(f"The PIN file {path} may be read by others: run chmod 600 on it.")
    mark = (str(path), state.st_mtime_ns)
    if _device.refused == mark:
        raise pkcs11.PinIncorrect
    pin = Hidden(path.read_text(encoding="utf-8").strip())
    try:
        session = token.open(rw=writing, user_pin=pin.reveal())
    except (pkcs11.PinIncorrect, pkcs11.PinLocked):
        _device.refused = mark
        raise
    with session:
        yield session
