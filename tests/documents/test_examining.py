"""What is taken, and what isn't: by content, not by what a file says of itself."""

from pathlib import Path

import pytest

from seqlense.documents import shelf
from seqlense.documents.errors import FileRefused
from seqlense.documents.examining import KINDS
from seqlense.documents.examining.naming import clean
from seqlense.privacy.backups.documents import place
from tests.documents.received import received
from tests.documents.samples import BAD, GOOD, RELATIONS, docx, related


@pytest.mark.parametrize("name", GOOD)
def test_honest_files_are_taken(name: str) -> None:
    arrived = received(name, GOOD[name])
    assert b"".join(arrived.pieces()) == GOOD[name]
    assert (arrived.name, arrived.size) == (name, len(GOOD[name]))
    assert arrived.kind == KINDS[name.rpartition(".")[2].lower()].media
    arrived.drop()


@pytest.mark.parametrize("what", BAD)
def test_deceiving_files_are_refused_and_leave_nothing(what: str) -> None:
    name, content, why = BAD[what]
    with pytest.raises(FileRefused) as refused:
        received(name, content)
    assert refused.value.code == f"documents.file.{why}"
    assert list((place() / shelf.ARRIVING).iterdir()) == []


def test_a_link_in_a_letter_is_no_part_from_elsewhere() -> None:
    received("lettre.docx", docx({RELATIONS: related("hyperlink")})).drop()


def test_names_lose_folders_and_what_isnt_seen() -> None:
    assert clean("..\\..\\C:/x/ra\u200bpport\n final .pdf") == "rapport final .pdf"
    assert clean('a:b*"c".txt') == "a_b__c_.txt"
    assert len(clean("é" * 500 + ".pdf")) == 120
    assert clean("e\u0301.pdf") == "é.pdf"


def test_no_byte_of_a_file_touches_the_disk_in_clear() -> None:
    secret = b"Zwetschgenknoedel 4711\n" * 4000
    arrived = received("note.txt", secret)
    found = b"".join(Path(one).read_bytes() for one in (place() / shelf.ARRIVING).iterdir())
    assert len(found) > len(secret)
    assert b"Zwetschgen" not in found
    arrived.drop()
