"""Keyed digests under the installation's secret: for link tokens, throttle counters, challenges and device
cookies.
"""

import hashlib
import hmac
from collections.abc import Callable

from django.conf import settings


def mac(purpose: str, *parts: str, key: str = "") -> bytes:
    """HMAC-SHA-256 of the parts, bound to a purpose: digests of two purposes never meet."""
    own = hmac.new(
        (key or settings.SECRET_KEY).encode(), f"seqlense.accounts.{purpose}".encode(), hashlib.sha256
    )
    message = b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)
    return hmac.new(own.digest(), message, hashlib.sha256).digest()


def same(given: bytes, expected: Callable[[str], bytes]) -> bool:
    """Compare in constant time with what the current secret, or one being phased out, gives."""
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return sum(hmac.compare_digest(given, expected(key)) for key in keys) > 0
