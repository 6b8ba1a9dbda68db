"""Kills and stops at moments that a seeded chance chooses, while everything works; then calm."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tests.crashes.ground import Ground
from tests.crashes.slots import shared

SHORTEST, LONGEST = 0.004, 0.200
"""Seconds between two kills."""
ERASED_FIRST = 3
"""In each round so many people are erased before the first kill: by then everything is at work."""
PARTS = {"erase": 2, "live": 2, "worker": 2, "sweep": 1, "rotate": 1, "seal": 1, "backup": 1}
PATIENCE = 60.0
TIME_PASSES = (
    "update mailing_message set posted_at = posted_at - interval '10 minutes', "
    "expires_at = expires_at - interval '10 minutes', due_at = due_at - interval '10 minutes', "
    "leased_until = leased_until - interval '10 minutes'",
    "update procrastinate_workers set last_heartbeat = last_heartbeat - interval '10 minutes'",
    "update procrastinate_jobs set scheduled_at = scheduled_at - interval '10 minutes' where status = 'todo'",
)
WAITING = (
    "select (select count(*) from procrastinate_jobs where status in ('todo', 'doing')), "
    "(select count(*) from mailing_message), (select count(*) from privacy_keydestruction)"
)
EXPIRED = (
    "insert into accounts_securityevent (id, subject_id, account_id, kind, at) "
    "select gen_random_uuid(), a.subject_id, a.id, 'signed_in', "
    "now() - interval '300 days' + n * interval '1 ms' "
    "from accounts_account a, generate_series(1, %s) n where a.subject_id = any(%s)",
    "insert into accounts_session "
    "(id, subject_id, account_id, key_digest, data, started_at, last_seen_at, expires_at) "
    "select gen_random_uuid(), a.subject_id, a.id, "
    "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), "
    "'', now() - interval '9 days', now() - interval '9 days', now() - interval '8 days' "
    "from accounts_account a, generate_series(1, %s) n where a.subject_id = any(%s)",
)


@dataclass
class Storm:
    """What goes on, and what has been done to it.

    kills: by actor. cut: those among them that hit in the middle of work. stops: of the database.
    attempts_cut: attempts to send a message that a kill hit. expired: rows planted whose time had come, by
    table. checkpoints: the log's size and root, whenever somebody looked.
    """

    ground: Ground
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    stops: int = 0
    attempts_cut: int = 0
    checkpoints: dict[int, str] = field(default_factory=dict)
    expired: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        places = [(actor, part) for actor, parts in PARTS.items() for part in range(parts)]
        self._places = dict(enumerate(places))
        self._slots = shared(self.ground.home / "slots")
        self._running: dict[int, int] = {}

    def round(self, kills: int, *, stop: bool) -> None:
        """Everything at work, so many kills and perhaps a stop; in the end all are dead and time passes."""
        for slot in self._places:
            self._begin(slot)
        self._until_all_work()
        when = self.chance.randrange(kills) if stop else -1
        for number in range(kills):
            time.sleep(self.chance.uniform(SHORTEST, LONGEST))
            if number == when:
                self.ground.server.stop_at_once()
                self.stops += 1
            slot = self.chance.choice(list(self._places))
            self._kill(slot)
            self._begin(slot)
        for slot in self._places:
            self._kill(slot)
        self.time_passes()

    def told(self) -> str:
        """What was done to it, in numbers."""
        by_actor = ", ".join(
            f"{actor} {self.cut[actor]} of {self.kills[actor]}" for actor in sorted(self.kills)
        )
        return (
            f"{self.kills.total()} kills, {self.cut.total()} in the middle of work ({by_actor}); "
            f"{self.stops} immediate stops of PostgreSQL"
        )

    def _until_all_work(self) -> None:
        limit, before = time.monotonic() + PATIENCE, self._answered()
        while self._answered() < before + ERASED_FIRST:
            assert time.monotonic() < limit, f"nothing works\n{self.ground.said()}"
            time.sleep(0.02)

    def _answered(self) -> int:
        """Erasures that people were told of."""
        journals = (self.ground.home / "journal").glob("erase-*")
        return sum(one.read_text().count("answered") for one in journals)

    def plant_expired(self, rows: int, subjects: Sequence[object]) -> None:
        """Rows whose time has come, of people who stay."""
        with self.ground.superuser() as superuser:
            for table, statement in zip(("SecurityEvent", "Session"), EXPIRED, strict=True):
                planted = superuser.execute(statement.encode(), [rows, list(subjects)]).rowcount
                self.expired[f"accounts.{table}"] += planted

    def time_passes(self) -> None:
        """Ten minutes, as leases and heartbeats see them."""
        with self.ground.superuser() as superuser:
            for statement in TIME_PASSES:
                superuser.execute(statement.encode())

    def calm(self) -> None:
        """The workers end what was left behind; sweep, rotation, backup and seal are let finish."""
        self._end_what_waits()
        for actor in ("last_sweep", "last_rotation"):
            self._do(actor)
        self._end_what_waits()
        for actor in ("last_backup", "last_seal"):
            self._do(actor)

    def _end_what_waits(self) -> None:
        """Mail, keys, jobs. AssertionError if the workers can't."""
        limit = time.monotonic() + PATIENCE
        workers = [slot for slot, (actor, _) in self._places.items() if actor == "worker"]
        while True:
            for slot in workers:
                self._begin(slot)
            self._do("minute")
            quiet = self._quiet(time.monotonic() + 15)
            for slot in workers:
                self._end(slot)
            if quiet:
                return
            assert time.monotonic() < limit, f"left undone: {self._waiting()}\n{self.ground.said()}"
            self.time_passes()

    def _quiet(self, limit: float) -> bool:
        while any(self._waiting()):
            if time.monotonic() > limit:
                return False
            time.sleep(0.1)
        return True

    def _waiting(self) -> tuple[int, ...]:
        with self.ground.superuser() as superuser:
            return superuser.execute(WAITING.encode()).fetchone() or ()

    def _begin(self, slot: int) -> None:
        actor, part = self._places[slot]
        self._running[slot] = self.ground.fork(slot, actor, part, PARTS[actor])

    def _kill(self, slot: int) -> None:
        actor, _ = self._places[slot]
        process = self._running.pop(slot)
        busy = self._slots[slot]
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            raise AssertionError(f"{actor} ended by itself\n{self.ground.said(actor)}") from None
        self.kills[actor] += 1
        self.cut[actor] += bool(busy)
        self.attempts_cut += busy if actor == "worker" else 0
        _gone(process)
        self._look_at_the_log()

    def _look_at_the_log(self) -> None:
        """What a visitor may have seen stays true for ever."""
        with suppress(FileNotFoundError):
            _, size, root, *_ = (self.ground.home / "transparency-log" / "checkpoint").read_text().split("\n")
            assert int(size) >= max(self.checkpoints, default=0), "the log got shorter"
            assert self.checkpoints.setdefault(int(size), root) == root, "the log has two histories"

    def _end(self, slot: int) -> None:
        """As an operator stops a worker."""
        process = self._running.pop(slot)
        os.kill(process, signal.SIGTERM)
        _gone(process)

    def _do(self, actor: str) -> None:
        _gone(self.ground.fork(len(self._places), actor, 0, 1))
        self._look_at_the_log()


def _gone(process: int, patience: float = 30) -> None:
    limit = time.monotonic() + patience
    while True:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        assert time.monotonic() < limit
        time.sleep(0.001)
