"""docs/register.md can't drift: it names every word, key, event and rule, and its example loads."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
import yaml

from seqlense.register import lint, load, schema, vocabulary
from seqlense.register.text import Declared
from tests.register.samples import write

DOCS = Path(__file__).parents[2] / "docs" / "register.md"
PAGE = DOCS.read_text("utf-8")
WORDS = sorted({str(word.value) for kind in vocabulary.Word.__subclasses__() for word in kind})
KEYS = sorted(
    {
        name
        for model in vars(schema).values()
        if isinstance(model, type) and issubclass(model, Declared)
        for name in model.model_fields
    }
    - {"fr", "en", "activity"}
)


@pytest.mark.parametrize("name", [*WORDS, *vocabulary.EVENTS])
def test_every_word_is_listed(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_described(key: str) -> None:
    assert re.search(rf"[`.\] ]{key}[`:.\[ ]", PAGE)


def test_every_rule_is_listed_as_it_speaks() -> None:
    for one in lint.rules().values():
        assert f"| `{one.id}` | {one.severity} | {one.article} | {one.message.en} |" in PAGE
    assert PAGE.count("\n| `") >= len(lint.rules())


def test_the_example_loads(tmp_path: Path) -> None:
    source = PAGE.split("```yaml\n")[1].split("```")[0]
    folder = write(tmp_path)
    (folder / "support.yaml").write_text(source, "utf-8")
    recipients = yaml.safe_load((folder / "recipients.yaml").read_text("utf-8"))
    recipients.append({**copy.deepcopy(recipients[0]), "id": "staff", "kind": "staff"})
    (folder / "recipients.yaml").write_text(yaml.safe_dump(recipients, allow_unicode=True), "utf-8")
    found = load([folder])
    assert found.item("support.email").required
    assert [one.in_("en") for one in lint.check(found) if one.where.startswith("support")] == []
