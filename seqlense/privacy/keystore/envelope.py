"""Authenticated encryption in one place: AES-256-GCM (NIST SP 800-38D) from the `cryptography` package.

Layout of everything sealed: one byte of format version, a nonce of 96 bits drawn at random for each
encryption (SP 800-38D, 8.2.2; safe up to 2^32 encryptions under one key), ciphertext with its tag of 128
bits. What a value is bound to (where it belongs) is authenticated with it and not stored: elsewhere it
doesn't open.
"""

from __future__ import annotations

import binascii
import os
from collections.abc import Callable, Sequence
from operator import xor
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seqlense.privacy.errors import SealBroken

KEY_BYTES = 32
OVERHEAD = 29  # bytes that sealing adds: version, nonce, tag
_VERSION = b"\x01"
_NONCE_BYTES = 12


class Secret:
    """32 bytes that no traceback shows: they can't be printed, pickled, or told apart by looking at them.

    Whoever uses them never gives them a name of their own, which a traceback with variables would show.
    """

    __slots__ = ("_held",)

    def __init__(self, held: bytes) -> None:
        if len(held) != KEY_BYTES:
            del held
            raise ValueError("A key has 32 bytes.")
        self._held = held

    @classmethod
    def new(cls) -> Secret:
        """From the system's generator."""
        return cls(os.urandom(KEY_BYTES))

    @classmethod
    def from_text(cls, text: Hidden) -> Secret:
        """Base64 as `as_text` wrote it. Raises ValueError."""
        return cls(binascii.a2b_base64(text._held, strict_mode=True))

    def as_text(self) -> Hidden:
        """Base64, to be written to a file."""
        return Hidden(binascii.b2a_base64(self._held, newline=False).decode())

    def digest(self, *parts: bytes) -> bytes:
        """HMAC-SHA-256 (FIPS 198-1) of the parts, each told apart from the next by its length."""
        code = hmac.HMAC(self._held, hashes.SHA256())
        for part in parts:
            code.update(len(part).to_bytes(8) + part)
        return code.finalize()

    def apart(self, other: Secret) -> Secret:
        """Bit for bit, where the two differ: of two shares the whole, of the whole and a share the other."""
        return Secret(bytes(map(xor, self._held, other._held)))

    def handed_to[Answer](self, use: Callable[[bytes], Answer]) -> Answer:
        """What `use` makes of the bytes themselves: for a device's own library alone."""
        return use(self._held)

    def __repr__(self) -> str:
        return "<secret>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is never written anywhere.")


class Hidden:
    """A text that isn't to be seen, such as a secret on its way to its file or a device's PIN."""

    __slots__ = ("_held",)

    def __init__(self, held: str) -> None:
        self._held = held

    def reveal(self) -> str:
        """The text itself: only where it is used up at once, without a name."""
        return self._held

    def __repr__(self) -> str:
        return "<hidden>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A hidden text is never written anywhere.")


class Key:
    """A key that seals and opens. It can't be printed, copied into a pickle, or compared."""

    __slots__ = ("_cipher",)

    def __init__(self, secret: Secret) -> None:
        self._cipher = AESGCM(secret._held)

    def seal(self, plain: bytes, bound_to: bytes) -> bytes:
        """Encrypt. `bound_to`: where the value belongs; needed again, unchanged, to open it."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, plain, _VERSION + bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Decrypt. Raises SealBroken if key, content or place isn't the one it was sealed with."""
        if sealed[:1] != _VERSION or len(sealed) < OVERHEAD:
            raise SealBroken("This isn't a sealed value of a format known here.")
        try:
            return self._cipher.decrypt(sealed[1:13], sealed[13:], _VERSION + bound_to)
        except InvalidTag:
            raise SealBroken("A sealed value doesn't open: altered, or not from here.") from None

    def wrap(self, secret: Secret, bound_to: bytes) -> bytes:
        """As `seal`, of a secret."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, secret._held, _VERSION + bound_to)

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> Secret:
        """As `open`, of a secret. Raises SealBroken."""
        return Secret(self.open(wrapped, bound_to))

    def take_over(self, former: Key, sealed: Sequence[bytes], places: Sequence[bytes]) -> list[bytes]:
        """Very many values sealed under another key, sealed under this one, each bound to the same place.

        Raises SealBroken if one of them doesn't open.
        """
        nonces = os.urandom(_NONCE_BYTES * len(sealed))
        encrypt, decrypt = self._cipher.encrypt, former._cipher.decrypt
        taken = []
        try:
            for number, (value, place) in enumerate(zip(sealed, places, strict=True)):
                if value[:1] != _VERSION:
                    raise SealBroken("This isn't a sealed value of a format known here.")
                bound_to = _VERSION + place
                nonce = nonces[_NONCE_BYTES * number : _NONCE_BYTES * (number + 1)]
                # In clear it has no name here: a traceback would show it.
                anew = encrypt(nonce, decrypt(value[1:13], value[13:], bound_to), bound_to)
                taken.append(_VERSION + nonce + anew)
        except InvalidTag:
            raise SealBroken("A sealed value doesn't open: altered, or not from here.") from None
        return taken

    def __repr__(self) -> str:
        return "<key>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A key is never written anywhere.")
