"""Each measurement runs at its tiny sizes and finds something. No time is asserted."""

import json
from typing import Any

import pytest

from bench import document
from bench.__main__ import found, main


def test_all_are_found() -> None:
    assert {"access", "erasure", "home", "retention", "rotation", "sealed", "start"} <= set(found())
    assert not {"ground", "product", "report", "document", "requests"} & set(found())


@pytest.mark.parametrize("name", found())
def test_it_works(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    ended = main(["--quick", "--json", name])
    told = capfd.readouterr()
    assert ended == 0, told.err
    [measured] = json.loads(told.out)
    assert measured["results"]
    assert all(one["value"] for one in measured["results"])


def test_the_page_is_what_the_runs_found() -> None:
    runs: list[dict[str, Any]] = json.loads(document.RUNS.read_text(encoding="utf-8"))
    assert document.PAGE.read_text(encoding="utf-8") == document.page(runs)
    assert {one["name"] for one in runs} <= set(found())
