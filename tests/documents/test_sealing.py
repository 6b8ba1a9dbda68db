"""A file's chunks can't be read without the key, moved, cut, swapped or taken to another file."""

import io
import os
import tracemalloc
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlense.documents.errors import Unreadable
from seqlense.documents.sealing import CHUNK, HEAD, SEALED, Reader, Sealer
from seqlense.privacy.keystore import Key
from seqlense.privacy.keystore.envelope import Secret

KEY = Key(Secret.new())
ONE = UUID(int=1)


def sealed(content: bytes, document: UUID = ONE) -> bytes:
    into = io.BytesIO()
    sealer = Sealer(into, document, KEY)
    sealer.write(content)
    sealer.finish()
    return into.getvalue()


def opened(found: bytes, document: UUID = ONE, key: Key = KEY) -> bytes:
    return Reader(io.BytesIO(found), document, key).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])
def test_what_goes_in_comes_out_and_nothing_of_it_is_seen(size: int) -> None:
    content = os.urandom(size)
    found = sealed(content)
    assert opened(found) == content
    assert Reader(io.BytesIO(found), ONE, KEY).size == size
    assert size < 32 or content[:32] not in found


@settings(max_examples=30, deadline=None)
@given(pieces=st.lists(st.binary(max_size=90_000), max_size=5), at=st.integers(0, 300_000))
def test_it_doesnt_matter_in_which_pieces_it_comes(pieces: list[bytes], at: int) -> None:
    into = io.BytesIO()
    sealer = Sealer(into, ONE, KEY)
    for piece in pieces:
        sealer.write(piece)
    sealer.finish()
    content = b"".join(pieces)
    reader = Reader(into, ONE, KEY)
    reader.seek(at)
    assert reader.read(50) == content[at : at + 50]
    assert sealer.size == reader.size == len(content)


def test_chunks_cant_be_moved_cut_swapped_or_taken_elsewhere() -> None:
    content = os.urandom(3 * CHUNK + 100)
    found = sealed(content)
    first, second = found[len(HEAD) :][:SEALED], found[len(HEAD) + SEALED :][:SEALED]
    rest = found[len(HEAD) + 2 * SEALED :]
    altered = bytearray(found)
    altered[len(HEAD) + 200] ^= 1
    for broken in (
        HEAD + second + first + rest,
        HEAD + first + first + rest,
        HEAD + first + rest,
        HEAD + first + second,
        found[: len(HEAD) + 3 * SEALED],
        found[:-1],
        found + b"\0",
        found + rest,
        bytes(altered),
        b"SEQDOC\0\x02" + found[len(HEAD) :],
        HEAD,
        b"",
    ):
        with pytest.raises(Unreadable):
            opened(broken)
    with pytest.raises(Unreadable):
        opened(found, uuid4())
    with pytest.raises(Unreadable):
        opened(found, key=Key(Secret.new()))


def test_memory_stays_flat(tmp_path: object) -> None:
    import tempfile

    with tempfile.TemporaryFile() as into:
        tracemalloc.start()
        sealer = Sealer(into, ONE, KEY)
        piece = bytes(CHUNK)
        for _ in range(320):
            sealer.write(piece)
        sealer.finish()
        reader = Reader(into, ONE, KEY)
        while reader.read(CHUNK):
            pass
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert sealer.size == 20 * 1024 * 1024
    assert peak < 2 * 1024 * 1024
