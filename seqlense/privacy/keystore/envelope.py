"""Authenticated encryption in one place: AES-256-GCM (NIST SP 800-38D) from the `cryptography` package.

Layout of everything sealed: one byte of format version, a nonce of 96 bits drawn at random for each
encryption (SP 800-38D, 8.2.2; safe up to 2^32 encryptions under one key), ciphertext with its tag of 128
bits. What a value is bound to (where it belongs) is authenticated with it and not stored: elsewhere it
doesn't open.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seqlense.privacy.errors import SealBroken

KEY_BYTES = 32
OVERHEAD = 29  # bytes that sealing adds: version, nonce, tag
_VERSION = b"\x01"
_NONCE_BYTES = 12


class Key:
    """A key that seals and opens. It can't be printed, copied into a pickle, or compared."""

    __slots__ = ("_cipher",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError("A key has 32 bytes.")
        self._cipher = AESGCM(secret)

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
                plain = decrypt(value[1:13], value[13:], bound_to)
                taken.append(_VERSION + nonce + encrypt(nonce, plain, bound_to))
        except InvalidTag:
            raise SealBroken("A sealed value doesn't open: altered, or not from here.") from None
        return taken

    def __repr__(self) -> str:
        return "<key>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A key is never written anywhere.")


def new_secret() -> bytes:
    """32 bytes from the system's generator."""
    return os.urandom(KEY_BYTES)


def keyed_digest(secret: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA-256 (FIPS 198-1) of the parts, each told apart from the next by its length."""
    code = hmac.HMAC(secret, hashes.SHA256())
    for part in parts:
        code.update(len(part).to_bytes(8) + part)
    return code.finalize()
