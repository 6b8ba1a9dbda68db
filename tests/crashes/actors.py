"""What the processes of the storm do, over and over until they are killed: the product's own verbs."""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.db import InterfaceError, OperationalError, connections, transaction
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from seqlense.accounts import closing, events, profile, signing_up
from seqlense.accounts.errors import AddressTaken
from seqlense.accounts.models import Account, account_of
from seqlense.kit import clock
from seqlense.mailing import delivery
from seqlense.privacy import backups, keystore, log, retention
from seqlense.privacy.actor import Actor
from seqlense.privacy.backups.errors import BackupError
from seqlense.privacy.keystore.errors import RotationRunning
from seqlense.project import working
from tests.crashes.planting import DEVICE, LEAVING, STAYING, People, address, name
from tests.crashes.slots import Slot

BREATH: Final = 0.02
"""Seconds between two acts of one process: others have the machine too."""
WISHES: Final = signing_up.Wishes(language="fr", country="FR")
_home: Path
_people: People


class Journal:
    """What one person asked and was answered, as that person remembers it: no kill makes it forgotten.

    Only one process at a time writes to a journal.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def asked(self, what: object) -> None:
        os.write(self._file, f"asked {what}\n".encode())

    def answered(self, what: object) -> None:
        os.write(self._file, f"answered {what}\n".encode())

    def lines(self) -> Iterator[tuple[str, str]]:
        """Each word and what it is about."""
        for line in self._path.read_text(encoding="utf-8").splitlines():
            word, _, about = line.partition(" ")
            yield word, about

    def all(self, word: str) -> list[str]:
        """What was asked, or answered, in order."""
        return [about for one, about in self.lines() if one == word]


def remember(home: Path, people: People) -> None:
    """For all processes that are forked from here on."""
    global _home, _people
    _home, _people = home, people


def journal(part: str) -> Journal:
    return Journal(_home / "journal" / part)


def _on_and_on(slot: Slot, work: Callable[[], object], while_: Callable[[], bool] = lambda: True) -> None:
    """As pages do it: who meets a database that is away hears so, and somebody tries again a moment later."""
    while while_():
        try:
            with slot.at_work():
                work()
        except (OperationalError, InterfaceError, ConnectorException):
            connections.close_all()
        time.sleep(BREATH)


def erase(slot: Slot) -> None:
    """People close their accounts; who got no answer asks again. Every tenth asks at two places at once."""
    memory = journal(f"erase-{slot.part}")
    answered = set(memory.all("answered"))
    leaving = enumerate(_people[LEAVING])
    mine = [one for place, one in leaving if place % 10 == 0 or place % slot.parts == slot.part]
    waiting = [one for one in reversed(mine) if str(one) not in answered]

    def close_next() -> None:
        subject = waiting[-1]
        memory.asked(subject)
        account = account_of(subject)
        if account is not None:
            closing.close(account, actor=Actor.person(subject), now=clock.now())
        memory.answered(waiting.pop())

    _on_and_on(slot, close_next, while_=lambda: bool(waiting))


def live(slot: Slot) -> None:
    """People join, rename themselves, and change passwords, of which a mail tells them."""
    memory = journal(f"live-{slot.part}")
    chance = random.Random()
    joined = sum(one.startswith("join") for one in memory.all("answered"))
    renamed = sum(one.startswith("name") for one in memory.all("asked"))
    mine = range(slot.part, len(_people[STAYING]), slot.parts)

    def join() -> None:
        # Whoever got no answer asks again; the page then says that the address has its account.
        nonlocal joined
        memory.asked(f"join {joined}")
        group = f"joined{slot.part}x"
        with suppress(AddressTaken):
            signing_up.open_proven(
                address(group, joined), WISHES, name=name(group, joined), password=None, now=clock.now()
            )
        memory.answered(f"join {joined}")
        joined += 1

    def rename() -> None:
        nonlocal renamed
        number = chance.choice(mine)
        account = account_of(_people[STAYING][number])
        assert account is not None
        renamed += 1
        wanted = f"{name(STAYING, number)} {slot.part}.{renamed}"
        memory.asked(f"name {number} {wanted}")
        actor, seen = Actor.person(account.subject_id), profile.seen(account, "name")
        profile.save(account, "name", {"name": wanted}, seen_as=seen, actor=actor, now=clock.now())
        memory.answered(f"name {number} {wanted}")

    def note() -> None:
        leaving = chance.random() < 0.2
        subject = chance.choice(_people[LEAVING if leaving else STAYING])
        if (account := account_of(subject)) is not None:
            _change_password(account)

    def any_of_them() -> None:
        chance.choice([join, rename, note, note])()

    _on_and_on(slot, any_of_them)


@transaction.atomic
def _change_password(account: Account) -> None:
    # Its row is locked, as the page does that changes a password: who is erased meanwhile can't.
    if Account.objects.select_for_update().filter(pk=account.pk).exists():
        events.note(
            account,
            "password_changed",
            actor=Actor.person(account.subject_id),
            now=clock.now(),
            device=DEVICE,
        )


def sweep(slot: Slot) -> None:
    """What is due goes."""
    _on_and_on(slot, lambda: retention.run(now=clock.now(), actor=Actor.system("retention")))


def rotate(slot: Slot) -> None:
    """One epoch after the other."""

    def next_epoch() -> None:
        with suppress(RotationRunning):
            keystore.rotate(now=clock.now())

    _on_and_on(slot, next_epoch)


def worker(slot: Slot) -> None:
    """The product's worker, as it is: mail, keys to destroy, and every minute what was left behind."""
    usual = delivery.attempt

    def attempt(*arguments: Any, **named: Any) -> Any:
        with slot.at_work():
            return usual(*arguments, **named)

    delivery.attempt = attempt
    working.work(concurrency=2, queues=())


def seal(slot: Slot) -> None:
    """The log, beside the worker's own sealing: one of them is at it, the others see so."""
    _on_and_on(slot, lambda: log.seal(now=clock.now()))


def backup(slot: Slot) -> None:
    """One backup of each chain after the other."""

    def next_backup() -> None:
        with suppress(BackupError):  # pg_dump says that the database is away
            backups.create(actor=Actor.system("backup"), now=clock.now())

    _on_and_on(slot, next_backup)


def minute(slot: Slot) -> None:
    """Asks for what the worker's clock asks for each minute and each hour."""
    from procrastinate.contrib.django import app

    for periodic in app.periodic_registry.periodic_tasks.values():
        if periodic.cron.split()[1] == "*":
            with suppress(AlreadyEnqueued), transaction.atomic():
                periodic.task.defer(timestamp=0)


def last_sweep(slot: Slot) -> None:
    """The next night's sweep."""
    retention.run(now=clock.now(), actor=Actor.system("retention"))


def last_rotation(slot: Slot) -> None:
    """The next rotation that is let finish."""
    keystore.rotate(now=clock.now())


def last_backup(slot: Slot) -> None:
    """The next backup that is let finish; it takes away what was cut off."""
    backups.create(actor=Actor.system("backup"), now=clock.now())


def last_seal(slot: Slot) -> None:
    """What all of them left to seal."""
    log.seal(now=clock.now())


ACTORS: Final[dict[str, Callable[[Slot], None]]] = {
    one.__name__: one
    for one in (
        *(erase, live, sweep, rotate, worker, seal, backup, minute),
        *(last_sweep, last_rotation, last_backup, last_seal),
    )
}
