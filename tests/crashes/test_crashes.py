"""Processes are killed and PostgreSQL is stopped at any moment; nothing is lost, done twice, or half done.

SEQLENSE_CRASHES=long kills 1,000 times and stops 50 times, half of them with a keystore in PostgreSQL.
SEQLENSE_CRASHES_SEED=… chooses other moments.
"""

import os
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.crashes import logs, whole
from tests.crashes.ground import Keystore, ground
from tests.crashes.planting import FADING, LEAVING, STAYING, People
from tests.crashes.storm import Storm
from tests.crashes.whole import Found

LONG = os.environ.get("SEQLENSE_CRASHES") == "long"
SEED = int(os.environ.get("SEQLENSE_CRASHES_SEED", "7"))
KEYSTORES: tuple[Keystore, ...] = ("sqlite", "postgresql") if LONG else ("sqlite",)
ROUNDS, KILLS = (25, 11) if LONG else (10, 11)
SIZES = {LEAVING: 60 * ROUNDS, STAYING: 60, FADING: 40}
EXPIRED = 50


@dataclass(frozen=True, kw_only=True)
class After:
    """When all is calm again."""

    storm: Storm
    found: Found

    def holds(self, question: Callable[[Found], Iterator[str]]) -> None:
        """Nothing speaks against it; otherwise the first few."""
        against = list(question(self.found))
        assert not against, "\n".join([f"{len(against)} in all", *against[:20]])


@pytest.fixture(scope="module", params=KEYSTORES)
def after(request: pytest.FixtureRequest) -> Iterator[After]:
    with ground(SIZES, keystore=request.param) as made:
        people = People.read(made.home / "people.json")
        storm = Storm(ground=made, chance=random.Random(SEED))
        for _ in range(ROUNDS):
            storm.plant_expired(EXPIRED, people[STAYING])
            storm.round(KILLS, stop=True)
        storm.calm()
        yield After(storm=storm, found=Found(made, people, storm.expired, made.read()))


def test_it_was_a_storm(after: After, capsys: pytest.CaptureFixture[str]) -> None:
    storm = after.storm
    with capsys.disabled():
        sys.stdout.write(f"\n{storm.told()}\n{whole.told(after.found)}\n")
    assert storm.kills.total() >= (500 if LONG else 200)
    assert storm.stops >= (25 if LONG else 10)
    assert storm.cut.total() * 3 >= storm.kills.total(), "a fair share in the middle of work"
    assert all(storm.cut[actor] for actor in storm.kills)


def test_nobody_is_half_erased(after: After) -> None:
    after.holds(whole.erasures_are_whole)
    after.holds(whole.whoever_was_answered_is_erased)


def test_whoever_lives_is_readable(after: After) -> None:
    after.holds(whole.the_living_are_whole)


def test_nothing_that_was_said_is_lost(after: After) -> None:
    after.holds(whole.nothing_that_was_said_is_lost)


def test_a_sweep_does_each_row_once(after: After) -> None:
    after.holds(whole.sweeps_did_each_row_once)


def test_a_message_goes_once_unless_its_worker_died_over_it(after: After) -> None:
    after.holds(whole.mails_came)
    assert after.found.ground.postbox.repeated <= after.storm.attempts_cut


def test_the_log_only_ever_grew(after: After) -> None:
    after.holds(lambda found: logs.the_log_is_whole(found, after.storm.checkpoints))


def test_a_backup_is_whole_or_not_there(after: After) -> None:
    after.holds(whole.backups_are_whole)


def test_nothing_is_left_over(after: After) -> None:
    after.holds(whole.nothing_is_left_over)
