"""Our trees, proofs and notes are those of others: RFC 6962's own vectors, and a second implementation."""

import aics_tlog
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as some

from seqlense.privacy.log import merkle, note
from seqlense.privacy.log.errors import NoteRefused, ProofRefused
from tests.privacy.log.growing import ORIGIN, entry

# The test data of the reference implementation of Certificate Transparency.
VECTORS = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
VECTORS.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def test_roots_are_those_of_the_standard() -> None:
    nodes = merkle.nodes_of([merkle.leaf_hash(one) for one in VECTORS])
    assert {size: merkle.root(size, nodes).hex() for size in ROOTS} == ROOTS
    assert merkle.root(0, nodes).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(some.integers(1, 90), some.data())
def test_proofs_are_those_of_a_second_implementation(size: int, data: some.DataObject) -> None:
    theirs = aics_tlog.MerkleTree(entry(number) for number in range(size))
    leaves = [merkle.leaf_hash(entry(number)) for number in range(size)]
    nodes = merkle.nodes_of(leaves)
    root = merkle.root(size, nodes)
    index, old = data.draw(some.integers(0, size - 1)), data.draw(some.integers(0, size))
    inclusion, consistency = merkle.inclusion(index, size, nodes), merkle.consistency(old, size, nodes)

    assert root == theirs.root()
    assert inclusion == theirs.inclusion_proof(index)
    assert consistency == (theirs.consistency_proof(old) if old else [])
    merkle.verify_inclusion(index, size, leaves[index], inclusion, root)
    merkle.verify_consistency(old, size, merkle.root(old, nodes), root, consistency)

    for refused in _spoilt(inclusion):
        with pytest.raises(ProofRefused):
            merkle.verify_inclusion(index, size, leaves[index], refused, root)
    for refused in _spoilt(consistency):
        with pytest.raises(ProofRefused):
            merkle.verify_consistency(old, size, merkle.root(old, nodes), root, refused)
    with pytest.raises(ProofRefused):
        merkle.verify_inclusion(index, size, merkle.leaf_hash(b"another"), inclusion, root)
    if 0 < old < size:
        with pytest.raises(ProofRefused):
            merkle.verify_consistency(old, size, merkle.leaf_hash(b"another"), root, consistency)


def _spoilt(proof: list[bytes]) -> list[list[bytes]]:
    """One step altered, one missing, one too many, one too short."""
    found = [[*proof, b"\x00" * 32]]
    if proof:
        found += [[b"\x00" * 32, *proof[1:]], proof[:-1], [*proof[:-1], proof[-1][:31]]]
    return found


def test_keys_and_checkpoints_read_as_others_read_them() -> None:
    key = Ed25519PrivateKey.generate()
    signer = note.Signer(ORIGIN, key.private_bytes_raw())
    text = note.Checkpoint(ORIGIN, 7, b"\x07" * 32).text
    ours = signer.note(text)
    theirs = aics_tlog.sign_checkpoint(aics_tlog.Checkpoint(ORIGIN, 7, b"\x07" * 32), key, ORIGIN)
    assert ours == theirs.serialise()
    assert str(signer.verifier) == aics_tlog.format_vkey(
        aics_tlog.vkey_from_ed25519(ORIGIN, key.public_key())
    )
    assert note.Signer.parse(signer.secret()).note(text) == ours
    assert note.opened(ours, note.Verifier.parse(str(signer.verifier))).size == 7
    assert signer.secret() not in repr(signer)


def test_a_witness_signs_beside_the_log() -> None:
    log, key = note.Signer.new(ORIGIN), Ed25519PrivateKey.generate()
    witness = note.Signer("witness.example", key.private_bytes_raw(), note.COSIGNER)
    signed = note.Note.parse(log.note(note.Checkpoint(ORIGIN, 7, b"\x07" * 32).text))
    ours = witness.line(signed.text, time=1_700_000_000)
    _, theirs = aics_tlog.sign_cosignature(key, "witness.example", 1_700_000_000, ORIGIN, 7, b"\x07" * 32)
    both = signed.with_lines(list(note.parse_lines(ours)))
    assert both.signatures[1].signature == theirs.signature
    assert both.signatures[1].key_id == theirs.key_id
    found = note.Note.parse(str(both)).signed_by([log.verifier, witness.verifier])
    assert [one.name for one, _ in found] == [ORIGIN, "witness.example"]
    assert found[1][1].time == 1_700_000_000


def test_a_note_that_was_touched_is_refused() -> None:
    log = note.Signer.new(ORIGIN)
    good = log.note(note.Checkpoint(ORIGIN, 7, b"\x07" * 32).text)
    other = note.Signer.new("other.example/log")
    for bad in (
        good.replace("\n7\n", "\n8\n"),
        good.replace("\n7\n", "\n07\n"),
        good[:-9],
        good.replace("— ", "- "),
        good.replace(ORIGIN, "other.example/log"),
        other.note(note.Checkpoint(ORIGIN, 7, b"\x07" * 32).text),
        log.note("other.example/log\n7\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n"),
        "",
        "\n\n",
    ):
        with pytest.raises(NoteRefused):
            note.opened(bad, log.verifier)
    for bad in ("", "a+b", str(log.verifier).replace("+", "+0", 1), str(log.verifier)[:-3]):
        with pytest.raises(NoteRefused):
            note.Verifier.parse(bad)
    with pytest.raises(NoteRefused) as refused:
        note.Signer.parse(log.secret()[:-8])
    assert log.secret()[-40:-8] not in str(refused.value)
