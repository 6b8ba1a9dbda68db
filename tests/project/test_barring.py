"""Tasks that work on one person's data ask first whether they may."""

from types import SimpleNamespace
from typing import Any

import pytest

from seqlense.privacy import switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.governance import Declared, Governance, declared
from seqlense.privacy.switches import Ground, Kind
from seqlense.project import working
from tests import cast

pytestmark = pytest.mark.django_db


def ran(task: str, **arguments: Any) -> bool:
    context = SimpleNamespace(job=SimpleNamespace(id=1, task_name=task, task_kwargs=arguments))
    return bool(working.unless_barred(lambda: True, context, None))  # type: ignore[arg-type]  # what it looks at


def test_a_task_for_somebody_runs_unless_they_barred_its_activity(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = {"news.send": "mailing", "answers.send": "rights_requests", "other.tidy": ""}
    known = Declared((*declared().sources, ("test", Governance(tasks=tasks))))
    monkeypatch.setattr(working, "declared", lambda: known)
    bob, charlie = cast.bob().subject_id, cast.charlie().subject_id
    for activity in ("mailing", "rights_requests"):
        switches.set(
            Kind.RESTRICTION,
            bob,
            activity,
            ground=Ground.ACCURACY,
            actor=Actor.person(bob),
            now=cast.OPENED,
        )
    assert not ran("news.send", subject=str(bob))
    assert ran("news.send", subject=str(charlie))
    assert ran("news.send", message=str(bob))
    assert ran("answers.send", subject=str(bob)), "owed by law"
    assert ran("other.tidy", subject=str(bob))
    assert ran("unheard.of", subject=str(bob))
