"""Merkle trees as RFC 6962 (section 2.1) and RFC 9162 define them: hashes, proofs, and their verification.

Pure functions over one question: the hash of a complete subtree, `nodes(level, index)`, which stands for the
leaves from `index * 2**level` up to `(index + 1) * 2**level`; level 0 are leaf hashes.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

from seqlense.privacy.log.errors import ProofRefused

HASH_BYTES = 32
EMPTY = sha256().digest()
"""The root of a tree without leaves."""

type Nodes = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """What stands for an entry in the tree."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """What stands for two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def nodes_of(leaves: Sequence[bytes]) -> Nodes:
    """The question answered for leaf hashes in memory."""

    def node(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def root(size: int, nodes: Nodes) -> bytes:
    """The hash of the tree of the first `size` leaves."""
    return _range(0, size, nodes) if size else EMPTY


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The proof that leaf `index` is in the tree of that size (RFC 9162, 2.1.3.1), from the leaf up."""
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    return [_range(start, end, nodes) for start, end in _beside(index, 0, size)]


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with that of `old` (RFC 9162, 2.1.4.1)."""
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {new} leaves never had {old}.")
    if old in (0, new):
        return []
    return [_range(start, end, nodes) for start, end in _between(old, 0, new, whole=True)]


def root_from(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2). Raises ProofRefused."""
    if not 0 <= index < size:
        raise ProofRefused(f"A tree of {size} entries has no entry {index}.")
    place, last, found = index, size - 1, leaf
    for one in proof:
        if len(one) != HASH_BYTES or last == 0:
            raise ProofRefused("The proof of inclusion has a wrong shape.")
        if place & 1 or place == last:
            found = node_hash(one, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, one)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofRefused("The proof of inclusion is too short.")
    return found


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raises ProofRefused unless the proof shows that leaf hash at that index of the tree."""
    if root_from(index, size, leaf, proof) != root:
        raise ProofRefused("The proof of inclusion leads to another root than the checkpoint's.")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raises ProofRefused unless it shows that the new tree begins with the old (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        raise ProofRefused("The later checkpoint is the smaller one.")
    if old in (0, new):
        if proof or (old == new and old_root != new_root) or (old == 0 and old_root != EMPTY):
            raise ProofRefused("Two checkpoints of one size differ.")
        return
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path or any(len(one) != HASH_BYTES for one in path):
        raise ProofRefused("The proof of consistency has a wrong shape.")
    _walk(old - 1, new - 1, path, old_root, new_root)


def _walk(place: int, last: int, path: list[bytes], old_root: bytes, new_root: bytes) -> None:
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for one in path[1:]:
        if last == 0:
            raise ProofRefused("The proof of consistency is too long.")
        if place & 1 or place == last:
            first, second = node_hash(one, first), node_hash(one, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, one)
        place, last = place >> 1, last >> 1
    if last or first != old_root or second != new_root:
        raise ProofRefused("The later checkpoint doesn't continue the earlier one: history was changed.")


def _range(start: int, end: int, nodes: Nodes) -> bytes:
    """The hash of the leaves from `start` to `end`; `start` is aligned as in every tree."""
    size = end - start
    if size & (size - 1) == 0:
        return nodes(size.bit_length() - 1, start // size)
    split = _split(size)
    return node_hash(_range(start, start + split, nodes), _range(start + split, end, nodes))


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _beside(index: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The subtrees beside the way from a leaf to the root."""
    if end - start == 1:
        return
    middle = start + _split(end - start)
    if index < middle:
        yield from _beside(index, start, middle)
        yield middle, end
    else:
        yield from _beside(index, middle, end)
        yield start, middle


def _between(old: int, start: int, end: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    """The subtrees from which both roots follow; `whole`: the old root itself is known to the reader."""
    if old == end:
        if not whole:
            yield start, end
        return
    middle = start + _split(end - start)
    if old <= middle:
        yield from _between(old, start, middle, whole=whole)
        yield middle, end
    else:
        yield from _between(old, middle, end, whole=False)
        yield start, middle
