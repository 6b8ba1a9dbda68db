"""The same limit twice at once, and a limit beside an erasure: one row, or none."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from seqlense.kit import clock
from seqlense.privacy import erasure, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Hold, RightsRequest, Switch
from seqlense.privacy.switches import Ground, Kind
from tests import cast


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """What they raised, done in threads of their own."""
    raised: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 (whatever it is, the test says it)
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return raised


@pytest.mark.usefixtures("transactional_db")
def test_nothing_is_set_twice_or_on_somebody_just_erased() -> None:
    bob = cast.bob().subject_id
    by = Actor.person(bob)

    def limit() -> None:
        switches.set(Kind.RESTRICTION, bob, "accounts", ground=Ground.CLAIMS, actor=by, now=clock.now())

    def object_to() -> None:
        switches.set(Kind.OBJECTION, bob, "mailing", actor=by, now=clock.now())

    assert at_once(*[limit] * 6) == []
    assert (Switch.objects.count(), Hold.objects.count(), RightsRequest.objects.count()) == (1, 1, 1)
    raised = at_once(object_to, lambda: erasure.erase(bob, actor=by, now=clock.now()), object_to, limit)
    assert {type(one) for one in raised} <= {switches.NotOffered}
    assert not Switch.objects.exists()
    assert not RightsRequest.objects.filter(answered_at=None).exists()
