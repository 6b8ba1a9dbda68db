"""The one liberty with DER that timestamp authorities take.

OpenSSL writes the certificates of a token in the order in which they were configured; DER sorts a set, and
the library that reads tokens insists. No signature covers their order, so they are sorted before reading.
"""

from collections.abc import Iterator
from typing import Final

CERTIFICATES: Final = 0xA0


def in_order(response: bytes) -> bytes:
    """A timestamp response with its certificates in DER's order; anything else as it came."""
    try:
        start, end = _certificates(response)
        sorted_ = b"".join(sorted(response[at:until] for at, _, until in _children(response, start, end)))
    except (IndexError, ValueError, StopIteration):
        return response
    return response[:start] + sorted_ + response[end:]


def _certificates(response: bytes) -> tuple[int, int]:
    """Where they stand: response → token → its content → signed data → certificates."""
    _, start, end = _element(response, 0)
    _status, token = _children(response, start, end)
    _kind, explicit = _children(response, *token[1:])
    [signed] = _children(response, *explicit[1:])
    for at, start, end in _children(response, *signed[1:]):
        if response[at] == CERTIFICATES:
            return start, end
    raise ValueError


def _children(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    while start < end:
        found = _element(data, start)
        yield found
        start = found[2]


def _element(data: bytes, at: int) -> tuple[int, int, int]:
    """Where an element begins, where its content does, and where it ends."""
    length, start = data[at + 1], at + 2
    if length >= 0x80:
        more = length & 0x7F
        length, start = int.from_bytes(data[start : start + more]), start + more
    if start + length > len(data):
        raise ValueError
    return at, start, start + length
