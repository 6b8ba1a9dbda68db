"""Markers in a file that only a passphrase opens: what was taken before an erasure is sought after it.

Layout: a line that names the format, 16 bytes of salt, 12 of nonce, then AES-256-GCM over the JSON list of
[text, about]. The key is scrypt's (RFC 7914) of the passphrase, with N = 2^16, r = 8, p = 1: 64 MB of memory
for each guess.
"""

import json
import os
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from seqlense.privacy.residue.errors import NotAMarkerFile, WeakPassphrase, WrongPassphrase
from seqlense.privacy.residue.markers import Marker, listed

HEAD: Final = b"seqlense sealed markers 1\n"
PASSPHRASE: Final = 12
_SALT, _NONCE = 16, 12


def is_sealed(content: bytes) -> bool:
    """Whether a file's content is what `seal` made."""
    return content.startswith(HEAD)


def seal(markers: Sequence[Marker], passphrase: str) -> bytes:
    """The file's content. Raises WeakPassphrase."""
    if len(passphrase) < PASSPHRASE:
        raise WeakPassphrase
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    plain = json.dumps([[one.text, one.about] for one in markers], ensure_ascii=False).encode()
    return HEAD + salt + nonce + _cipher(passphrase, salt).encrypt(nonce, plain, HEAD)


def unseal(content: bytes, passphrase: str) -> tuple[Marker, ...]:
    """The markers, under the numbers they had. Raises NotAMarkerFile, WrongPassphrase."""
    body = content.removeprefix(HEAD)
    if not is_sealed(content) or len(body) < _SALT + _NONCE:
        raise NotAMarkerFile
    salt, nonce, sealed = body[:_SALT], body[_SALT : _SALT + _NONCE], body[_SALT + _NONCE :]
    try:
        plain = _cipher(passphrase, salt).decrypt(nonce, sealed, HEAD)
    except InvalidTag:
        raise WrongPassphrase from None
    return listed((text, about) for text, about in json.loads(plain))


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(passphrase.encode()))
