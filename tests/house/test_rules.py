"""Every rule runs over the product, and over an example that breaks it."""

import json
import tomllib
from collections.abc import Iterable
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from tests.house import rules
from tests.house.sources import ROOT, Source, Violation, product, shown, tracked


def _no(violations: Iterable[Violation]) -> None:
    found = shown(violations)
    assert not found, found


def _bad(code: str, name: str = "seqlense/accounts/bad.py") -> list[Source]:
    return [Source(name, code)]


def test_modules_are_named_for_their_subject() -> None:
    _no(rules.vague_names(tracked()))
    assert len(list(rules.vague_names(["seqlense/crm/utils.py", "seqlense/common/money.py"]))) == 2
    assert not list(rules.vague_names(["seqlense/crm/merging.py"]))


def test_only_the_kit_reads_the_clock() -> None:
    _no(rules.clock_readings(product()))


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.datetime.now(datetime.UTC)",
        "from django.utils import timezone\ntimezone.now()",
        "from django.utils.timezone import now as today\ntoday()",
        "import time\ntime.time()",
        "from django.utils.timezone import localtime\nlocaltime()",
        "from datetime import date as d\nd.today()",
        "from django.db import models\nmodels.DateTimeField(auto_now_add=True)",
        "from django.db.models import F\nfrom django.utils import timezone\nF(default=timezone.now)",
        "from django.db.models.functions import Now\nNow()",
    ],
)
def test_a_read_clock_is_seen(code: str) -> None:
    assert len(list(rules.clock_readings(_bad(code)))) == 1
    assert not list(rules.clock_readings(_bad(code, rules.CLOCK[0])))


def test_the_journal_holds_no_personal_data() -> None:
    _no(rules.personal_logging(product()))


@pytest.mark.parametrize(
    "code",
    [
        'logger.info(f"sent to {row.id}")',
        'logger.info("sent to %s" % row.id)',
        'logger.warning("sent to %s", account.email)',
        'self.logger.error("refused", extra={"who": name})',
        'logging.getLogger(__name__).info("x"); log.exception("lost %s", phone)',
    ],
)
def test_a_personal_log_line_is_seen(code: str) -> None:
    assert list(rules.personal_logging(_bad(code)))
    assert not list(rules.personal_logging(_bad('logger.info("sent %s in %s", row.id, seconds)')))


def test_connections_are_opened_by_those_who_answer_for_them() -> None:
    _no(rules.connections(product()))
    for code in (
        "import urllib.request",
        "from urllib.request import urlopen",
        "from http.client import HTTPConnection",
        "import socket\nsocket.create_connection(('x', 1))",
    ):
        assert list(rules.connections(_bad(code))), code
    assert not list(rules.connections(_bad("from http import HTTPStatus\nfrom urllib.parse import quote")))


def test_row_security_is_crossed_at_doors_alone() -> None:
    _no(rules.crossings(product(), free=["privacy", "console", "project"]))
    code = "from seqlense.privacy import reach\nwith reach.maintenance():\n    pass"
    assert len(list(rules.crossings(_bad(code, "seqlense/crm/merging.py"), free=["privacy"]))) == 1
    assert not list(rules.crossings(_bad(code, "seqlense/crm/doors.py"), free=["privacy"]))
    assert not list(rules.crossings(_bad(code, "seqlense/privacy/merging.py"), free=["privacy"]))


def _floors() -> dict[str, int]:
    """Each room's floor, from the one place that says it; 0 is the highest."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    floors = {
        room.strip(" ()"): height
        for height, layer in enumerate(reversed(layers))
        for room in layer.split("|")
    }
    return {**floors, "keystore": floors["privacy"], "ui": floors["project"]}


def _edges() -> Iterable[tuple[str, str]]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=False):
            target = getattr(field, "related_model", None)
            concrete = getattr(field, "concrete", False) or getattr(field, "many_to_many", False)
            if concrete and not field.auto_created and isinstance(target, type) and issubclass(target, Model):
                yield model._meta.label_lower, target._meta.label_lower


def test_rows_point_downstairs() -> None:
    floors = _floors()
    assert floors["kit"] == 0
    assert floors["site"] == floors["console"]
    edges = list(_edges())
    _no(rules.foreign_keys(edges, floors))
    bad = [("accounts.account", "organisations.organisation"), ("crm.contact", "kyc.check")]
    assert len(list(rules.foreign_keys(bad, floors))) == 2
    good = [("organisations.membership", "accounts.account"), ("accounts.session", "accounts.account")]
    assert not list(rules.foreign_keys(good, floors))


def test_pages_hold_nothing_inline_and_nothing_from_elsewhere() -> None:
    pages = [
        (name, (ROOT / name).read_text(encoding="utf-8"))
        for name in tracked()
        if name.startswith("seqlense/") and name.endswith(".html") and "/templates/mail/" not in name
    ]
    _no(rules.templates(pages))
    for line in (
        '<p style="color:red">',
        '<button onclick="go()">',
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        '<script src="https://cdn.example/x.js"></script>',
    ):
        assert list(rules.templates([("bad.html", line)])), line
    assert not list(rules.templates([("good.html", "<script src=\"{% static 'a.js' %}\" defer></script>")]))


def test_no_file_names_a_registry_or_this_machine() -> None:
    texts = []
    for name in tracked():
        try:
            texts.append((name, (ROOT / name).read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    _no(rules.places(texts))
    assert list(rules.places([("lock", f"https://registry.{rules.REGISTRIES[2]}/x")]))
    assert list(rules.places([("docs/x.md", f"see {rules.MACHINE[0]}/docs")]))


def _requirements() -> Iterable[str]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    yield from project["project"]["dependencies"]
    yield from project["build-system"]["requires"]
    for extra in project["project"]["optional-dependencies"].values():
        yield from extra


def test_every_dependency_is_pinned_and_hashed() -> None:
    _no(rules.pins(_requirements()))
    for bad in ("django", "django>=6", "django==6.*", "django~=6.1"):
        assert list(rules.pins([bad])), bad
    assert not list(rules.pins(["psycopg[binary,pool]==3.3.9"]))
    for lock in ("requirements.lock", "requirements-dev.lock", "bin/requirements-uv.lock"):
        _no(rules.hashes((ROOT / lock).read_text(encoding="utf-8")))
    assert list(rules.hashes("django==6.1.3\nbabel==2 \\\n    --hash=sha256:00\n"))
    for name in tracked():
        if name.endswith("package.json"):
            _no(rules.npm_pins(json.loads((ROOT / name).read_text(encoding="utf-8"))))
        if name.endswith("package-lock.json"):
            assert '"resolved"' not in (ROOT / name).read_text(encoding="utf-8")
    assert list(rules.npm_pins({"dependencies": {"htmx.org": "^4.0.1"}}))
