"""Ink and paper: what is read stands at 7:1 or more on each ground it stands on, in both lights."""

import re
from pathlib import Path

import pytest

from seqlense.project import ui

THEME = Path(ui.__file__).parent / "frontend" / "src" / "theme.css"
READ = ["base-content", "secondary", "primary", "success", "warning", "error"]
ON_COLOUR = ["primary", "success", "warning", "error"]
TINTS = ["primary", "success", "warning", "error"]


def themes() -> dict[str, dict[str, str]]:
    found = {}
    for block in re.findall(r'@plugin "daisyui/theme" \{(.*?)\}', THEME.read_text(), re.DOTALL):
        name = re.search(r'name: "(\w+)"', block)
        assert name is not None
        found[name.group(1)] = dict(re.findall(r"--color-([\w-]+): (#\w{6})", block))
    tints = re.findall(r"--tint-(\w+): (#\w{6})", THEME.read_text())
    found["paper"] |= {f"tint-{name}": colour for name, colour in tints[:4]}
    found["ink"] |= {f"tint-{name}": colour for name, colour in tints[4:8]}
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["paper", "ink"])
def test_text_stands_out(theme: str) -> None:
    colours = themes()[theme]
    pairs = [(f"{text}", ground) for text in READ for ground in ("base-100", "base-200")]
    pairs += [(f"{name}-content", name) for name in ON_COLOUR]
    pairs += [("base-content", f"tint-{name}") for name in TINTS] + [("error", "tint-error")]
    weak = {pair: round(contrast(*(colours[one] for one in pair)), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 7} == {}


def test_the_browser_bar_has_the_papers_colour() -> None:
    head = (Path(ui.__file__).parent / "templates" / "ui" / "head.html").read_text()
    assert [themes()[name]["base-100"] for name in ("paper", "ink")] == re.findall(
        r'content="(#\w{6})"', head
    )
