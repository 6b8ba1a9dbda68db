"""The tool that keeps both languages whole: what it collects, keeps, and complains about."""

import gettext
from pathlib import Path

import pytest

from seqlense.project import translations

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext
_("Hello %(name)s")
pgettext("verb", "Close")
ngettext("%(n)d person", "%(n)d people", 3)
"""
TEMPLATE = """{% load i18n %}
<div>
      <p title="{% translate "It's yours" %}">{{ _("Go on") }}
   {% blocktranslate trimmed count n=members|length %}
      One member
   {% plural %}
      {{ n }} members
   {% endblocktranslate %}</p>
</div>
"""
CATALOG = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Hello %(name)s"
msgstr "Bonjour %(name)s"

msgid "Gone from the code"
msgstr "Parti"
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    room = tmp_path / "house" / "room"
    (room / "templates").mkdir(parents=True)
    (room / "__init__.py").touch()
    (room / "verbs.py").write_text(PYTHON)
    (room / "templates" / "page.html").write_text(TEMPLATE)
    (room / translations.CATALOG).parent.mkdir(parents=True)
    (room / translations.CATALOG).write_text(CATALOG)
    return room.parent


def _translate(package: Path, **texts: str) -> None:
    path = package / "room" / translations.CATALOG
    content = path.read_text()
    for old, new in texts.items():
        shown = old.replace("_", " ")
        assert f'msgid "{shown}"\nmsgstr ""' in content, content
        content = content.replace(f'msgid "{shown}"\nmsgstr ""', f'msgid "{shown}"\nmsgstr "{new}"')
    path.write_text(content)


def test_new_texts_are_collected_and_translations_kept(package: Path) -> None:
    assert {problem.problem for problem in translations.check(package)} == {
        "not collected, run bin/translations update",
        "no longer used",
    }
    assert translations.update(package) == ["house/room/locale/fr/LC_MESSAGES/django.po: 5 new, 1 gone"]
    content = (package / "room" / translations.CATALOG).read_text()
    assert 'msgstr "Bonjour %(name)s"' in content
    assert 'msgctxt "verb"\nmsgid "Close"' in content
    assert 'msgid "It\'s yours"' in content
    assert 'msgid "Go on"' in content
    assert 'msgid "One member"\nmsgid_plural "%(n)s members"' in content
    assert "Gone from the code" not in content
    assert translations.update(package) == []
    assert {problem.problem for problem in translations.check(package)} == {"empty"}


def test_a_doubtful_translation_is_a_problem(package: Path) -> None:
    translations.update(package)
    path = package / "room" / translations.CATALOG
    content = path.read_text()
    path.write_text(content.replace("Bonjour %(name)s", "Bonjour %(nom)s"))
    assert ("Hello %(name)s", "its places for values differ") in {
        (problem.text, problem.problem) for problem in translations.check(package)
    }
    path.write_text(content.replace('msgid "Hello', '#, fuzzy\nmsgid "Hello'))
    assert any(problem.problem == "fuzzy" for problem in translations.check(package))


def test_a_whole_catalog_passes_and_is_compiled(package: Path) -> None:
    translations.update(package)
    _translate(package, Close="Fermer", Go_on="Continuer", **{"It's_yours": "À vous"})
    path = package / "room" / translations.CATALOG
    content = path.read_text()
    content = content.replace(
        'msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "Un membre"\nmsgstr[1] "%(n)s membres"', 2
    )
    content = content.replace(
        'msgid_plural "%(n)d people"\nmsgstr[0] "Un membre"\nmsgstr[1] "%(n)s membres"',
        'msgid_plural "%(n)d people"\nmsgstr[0] "%(n)d personne"\nmsgstr[1] "%(n)d personnes"',
    )
    path.write_text(content)
    assert translations.check(package) == []
    assert translations.compile_catalogs(package) == 1
    assert translations.compile_catalogs(package) == 0
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Go on") == "Continuer"
