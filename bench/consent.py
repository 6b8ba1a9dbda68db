"""A visitor's choice: decisions a second on one core, against a bare Django view that does one INSERT.

    python -m bench.consent [--seconds 4] [--rounds 3]

The promise: at least 0.8 times the bare view at 1, 4 and 16 connections. Both are served by one worker of the
same web server, pinned to one core, on the same database; the bare one has no middleware at all. Rounds
alternate, so that both meet the same machine. A decision checks where it comes from, counts it, reads and
checks the choice, writes the receipt and its entry of the log in one statement, and signs a cookie.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from bench.product import HOST, product
from bench.report import Result, at_least, holds, report, told
from bench.served import BARE, Times, load, make_table, p99, rate, served
from seqlense.kit.clock import now

FULL = ("--seconds 4 --rounds 3",)
QUICK = ("--seconds 0.3 --rounds 1",)
LEAST = 0.8
CONNECTIONS = (1, 4, 16)
_visitors = count()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with product(SEQLENSE_REGISTER=str(_club())) as home, ExitStack() as stack:
        make_table()
        request = _requests()
        ours = stack.enter_context(served(home, "seqlense.project.wsgi:application"))
        bare = stack.enter_context(served(home, BARE))
        for port in (ours, bare):
            load(port, 1, 0.3, request)
        rounds = [
            (connections, load(ours, connections, chosen.seconds, request),
             load(bare, connections, chosen.seconds, request))
            for _ in range(chosen.rounds) for connections in CONNECTIONS
        ]  # fmt: skip
        return report([*_results(rounds), _written(rounds)])


def _results(rounds: Sequence[tuple[int, Times, Times]]) -> Iterator[Result]:
    for connections in CONNECTIONS:
        mine = [(ours, bare) for known, ours, bare in rounds if known == connections]
        rates = [(rate(ours), rate(bare)) for ours, bare in mine]
        at = f"{connections} connection{'s' * (connections > 1)}"
        yield told(f"decisions a second, {at}", statistics.median(one for one, _ in rates), places=0)
        yield told(f"p99, {at}", statistics.median(p99(ours) for ours, _ in mine), "ms", places=2)
        yield told(f"bare view a second, {at}", statistics.median(one for _, one in rates), places=0)
        yield told(f"bare view p99, {at}", statistics.median(p99(bare) for _, bare in mine), "ms", places=2)
        ratio = statistics.median(one / other for one, other in rates)
        yield at_least(f"decisions to bare view, {at}", ratio, LEAST, "×", places=2)


def _written(rounds: Sequence[tuple[int, Times, Times]]) -> Result:
    """Every answer stands for a receipt with its entry of the log."""
    from django.db import connection

    answered = sum(len(ours) - 1 for _, ours, _ in rounds)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), count(l.id) from consent_receipt r left join privacy_leaf l on l.act = r.id"
        )
        receipts, leaves = cursor.fetchone()
    kept = receipts == leaves and receipts >= answered > 0
    return holds("receipts with their entry of the log", kept, f"{leaves} of {receipts}", "all")


def _club() -> Path:
    """A company that asks about two outside services."""
    return Path(__file__).parent / "club"


def _requests() -> Callable[[], bytes]:
    """Requests as browsers send them, each of another visitor."""
    from seqlense.privacy.consent import choices, displays

    shown = displays.shown("fr", now=now())
    services = {one.id: place == 0 for place, one in enumerate(choices.offered())}
    if not services:
        raise RuntimeError("no outside service to choose on")
    body = json.dumps({"services": services, "how": "panel", "language": "fr", "shown": shown}).encode()
    head = (
        f"POST /consent/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nSec-Fetch-Site: same-origin\r\nOrigin: http://{HOST}:8000\r\n"
    )

    def made() -> bytes:
        number = next(_visitors)
        place = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        return f"{head}X-Forwarded-For: {place}\r\n\r\n".encode() + body

    return made


if __name__ == "__main__":
    sys.exit(main())
