"""A campaign to 100,000 people: the set rate is held, memory stays flat, and nothing is left afterwards.

    python -m bench.campaign [--people 100000] [--rate 3000] [--senders 4]

The real product: sealed addresses, one message a person, composed and handed over to a mail server on this
machine. Minutes are counted rather than waited for: each one posts what the rate allows at that moment, then
sends it; what a minute's share truly takes is measured and must be less than a minute.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path
from time import perf_counter
from uuid import UUID

from bench.product import product
from bench.report import at_most, holds, report, told
from seqlense.kit.clock import now

FULL = ("--people 100000 --rate 3000",)
QUICK = ("--people 60 --rate 20 --senders 2",)
MINUTE = timedelta(minutes=1)
AT_ONCE = 2_000
MOST_GROWTH = 10.0
MOST_OFF = 3.0
SINK = """
import sys
from aiosmtpd.controller import Controller
class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"
controller = Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1]), server_hostname="localhost")
controller.start()
print("ready", flush=True)
sys.stdin.read()
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rate", type=int, default=3_000)
    parser.add_argument("--senders", type=int, default=4)
    chosen = parser.parse_args()
    with _sink() as port, product(SEQLENSE_SMTP_URL=f"smtp://127.0.0.1:{port}"):
        began = now()
        _plant(chosen.people, began - timedelta(days=1))
        return _measure(chosen.people, chosen.rate, chosen.senders, began)


def _measure(people: int, rate: int, senders: int, began: datetime) -> int:
    from seqlense.audience.newsletter import sending
    from seqlense.audience.newsletter.models import Campaign, Sending
    from seqlense.mailing.models import DeadLetter, Message

    campaign = _start(rate, began)
    sizes: dict[int, float] = {}
    shares: list[int] = []
    took: list[float] = []
    longest_queue, moment = 0, began
    with ThreadPoolExecutor(senders, initializer=_ready) as pool:
        while not Campaign.objects.filter(pk=campaign, finished_at__isnull=False).exists():
            start = perf_counter()
            sending.go_on(now=moment)
            waiting = list(Message.objects.filter(due_at__lt=moment + MINUTE).values_list("pk", flat=True))
            longest_queue = max(longest_queue, Message.objects.count())
            list(pool.map(_deliver, waiting))
            _forget_jobs()
            took.append(perf_counter() - start)
            shares.append(len(waiting))
            sizes[sum(shares)] = _resident()
            moment += MINUTE
    sent = sum(shares)
    early = next(size for number, size in sizes.items() if number >= people // 10)
    growth = 100 * (sizes[sent] - early) / early
    full = [one for one in shares if one][1:-1] or shares[:1]
    off = 100 * max(abs(one - rate) for one in full) / rate
    left = Message.objects.count() + Sending.objects.count() + DeadLetter.objects.count()
    return report(
        [
            holds("people written to, once each", sent == people, f"{sent} of {people}", "all"),
            at_most("memory, from a tenth of the way to the end", max(growth, 0.1), MOST_GROWTH, "% more"),
            told("memory at the end", sizes[sent], "MB", places=0),
            at_most(f"off the rate of {rate} a minute, in its worst minute", max(off, 0.01), MOST_OFF, "%"),
            at_most("longest that a minute's share took", max(took), 60.0, "s"),
            told("messages composed and handed over", sent / sum(took), "a second"),
            told("most that waited at once", longest_queue, "messages", places=0),
            holds("rows left of messages and recipients", not left, str(left), "0"),
        ]
    )


def _start(rate: int, moment: datetime) -> UUID:
    from seqlense.audience.newsletter import campaigns
    from seqlense.kit.identifiers import uuid7
    from seqlense.privacy.actor import Actor

    text = (
        "# Quoi de neuf\n\n" + "Une nouvelle **importante**, et [son lien](https://www.example.org/).\n\n" * 8
    )
    draft = campaigns.Draft(
        about="product", subject_fr="Nouvelles", subject_en="News", text_fr=text, text_en=text, rate=rate
    )
    actor = Actor.system("bench")
    made = campaigns.write(draft, actor=actor, now=moment, identifier=uuid7())
    return campaigns.start(made.pk, seen=made.revision, actor=actor, now=moment).pk


def _plant(people: int, since: datetime) -> None:
    """Subscribers, as double opt-in leaves them."""
    from seqlense.audience.newsletter import agreeing
    from seqlense.audience.newsletter.models import Reader
    from seqlense.audience.newsletter.topics import ALL
    from seqlense.privacy import running
    from seqlense.privacy.consent.models import Kind, Receipt
    from seqlense.privacy.models import Subject

    version = running.enlist(since)
    for numbers in batched(range(people), AT_ONCE, strict=False):
        subjects = Subject.objects.bulk_create(Subject(created_at=since) for _ in numbers)
        rows = []
        for number, subject in zip(numbers, subjects, strict=True):
            row = Reader(subject_id=subject.pk, language="fr", topics=ALL, since=since, last_contact_at=since)
            row.email = f"reader{number}@bench.example"
            rows.append(row)
        Reader.objects.bulk_create(rows)
        Receipt.objects.bulk_create(
            Receipt(
                subject_id=one.pk,
                at=since,
                kind=Kind.GIVEN,
                purpose=agreeing.PURPOSE,
                how="link",
                shown="bench",
                language="fr",
                register_version=version,
            )
            for one in subjects
        )


def _ready() -> None:
    import logging

    logging.disable(logging.INFO)


def _deliver(message: UUID) -> None:
    from seqlense.mailing import delivery

    delivery.attempt(message, now=now() + timedelta(hours=1))


def _forget_jobs() -> None:
    """What the worker does with each job that it has done."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where task_name = 'mailing.deliver'")


def _resident() -> float:
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def _sink() -> Iterator[int]:
    """A mail server in a process of its own that takes everything and keeps nothing; its port."""
    from seqlense.project import processes

    port = processes.free_port(0)
    with subprocess.Popen(
        [sys.executable, "-c", SINK, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        child.stdout.readline()
        yield port
        child.stdin.close()


if __name__ == "__main__":
    sys.exit(main())
