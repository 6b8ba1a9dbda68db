"""Every template of the product keeps to the content security policy and to the icons that are built."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

import seqlense
from seqlense.project.ui import icons, navigation

PACKAGE = Path(seqlense.__file__).parent
PAGES = sorted(
    path
    for path in PACKAGE.glob("**/templates/**/*.html")
    if "node_modules" not in path.parts and "mail" not in path.parts
)
FORBIDDEN = {
    "an inline style": re.compile(r"<[^>{]*\sstyle\s*=|<style[\s>]"),
    "an inline script": re.compile(r'<script(?![^>]*\s(src=|type="application/json"))'),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "another host": re.compile(r"""\s(?:src|action)\s*=\s*["'](?:https?:)?//"""),
}
ICON = re.compile(r'{% icon "([\w-]+)"')


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(PACKAGE)) for path in paths]


@pytest.mark.parametrize("path", PAGES, ids=names(PAGES))
def test_a_template_keeps_to_the_policy(path: Path) -> None:
    source = path.read_text()
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(source)] == []
    assert [name for name in ICON.findall(source) if not icons.drawing(name)] == []
    get_template(str(path).rpartition("/templates/")[2])


def test_every_place_has_an_icon_and_a_page() -> None:
    for shell in navigation.SHELLS:
        for place in navigation.places(shell):
            assert icons.drawing(place.icon)
            assert navigation.address(place.url_name), f"{shell}: no page is named {place.url_name}"


def test_the_longest_address_is_the_current_place() -> None:
    home = navigation.address("site:home")
    assert home is not None
    current = [link.label for link in navigation.links("app", home) if link.current]
    assert current == [navigation.SHELLS["app"][0].label]
    assert not any(link.current for link in navigation.links("app", "/fr/nowhere/"))
