"""What the search finds, so that what it doesn't find isn't there: each form, planted and found."""

from pathlib import Path

import pytest

from seqlense.privacy.residue import Scanner, scanning
from seqlense.privacy.residue.markers import typed
from tests.residue.planting import ABSENT, NOISE, PACKED, SCANNER, TEXT, WRITTEN, found


@pytest.fixture(params=[1 << 20, 97], ids=["at once", "in pieces"])
def piece(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How much is read at a time: everything, or so little that every form lies across an edge."""
    size: int = request.param
    monkeypatch.setattr(scanning, "PIECE", size)
    return size


@pytest.mark.usefixtures("piece")
@pytest.mark.parametrize("form", WRITTEN)
def test_every_form_is_found_where_it_lies(tmp_path: Path, form: str) -> None:
    here, elsewhere = tmp_path / "0000000100", tmp_path / "16384"
    here.write_bytes(NOISE + WRITTEN[form] + NOISE)
    elsewhere.write_bytes(NOISE)
    met = found(here, elsewhere)
    assert {one.path for one in met} == {str(here)}
    assert all(len(NOISE) <= one.offset < len(NOISE) + len(WRITTEN[form]) for one in met if not one.inside)
    assert found(tmp_path, scanner=Scanner(ABSENT)) == []


@pytest.mark.usefixtures("piece")
@pytest.mark.parametrize("form", PACKED)
def test_every_packing_is_opened(tmp_path: Path, form: str) -> None:
    here, lead = tmp_path / "here", NOISE[:-2]
    here.write_bytes(lead + PACKED[form]() + NOISE)
    met = found(here)
    assert met, form
    assert all(one.offset >= len(lead) - 1 for one in met)
    assert found(here, scanner=Scanner(ABSENT)) == []


def test_a_file_larger_than_a_piece_is_read_through(tmp_path: Path) -> None:
    file = tmp_path / "large"
    size = 3 * scanning.PIECE
    with file.open("wb") as writing:
        writing.truncate(size)
        for at in (scanning.PIECE - 9, size - 9):
            writing.seek(at)
            writing.write(WRITTEN["utf-8"])
    assert [one.offset for one in found(file)] == [scanning.PIECE - 9, size - 9]


def test_a_finding_says_where_and_what_and_never_the_marker(tmp_path: Path) -> None:
    file = tmp_path / "here"
    file.write_bytes(b"12345" + PACKED["zip in a zip"]())
    (one,) = found(file)
    assert (one.marker, one.form, one.inside) == (1, "utf-8", ("zip", "zip"))
    assert one.offset > 5
    assert one.within == TEXT.index(WRITTEN["utf-8"])
    assert "luv" not in repr(one) + repr(SCANNER) + repr(typed("Éluvénthe"))


def test_each_marker_has_its_number(tmp_path: Path) -> None:
    markers = typed("\n".join(f"person number {one:04}" for one in range(1, 1001)))
    file = tmp_path / "here"
    file.write_bytes(b"Person Number 0999 and person number 0002")
    assert {one.marker for one in found(file, scanner=Scanner(markers))} == {2, 999}
