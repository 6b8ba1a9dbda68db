"""Visits: pages counted a second on one core, against a bare view that does one INSERT; disk for a million.

    python -m bench.measurement [--seconds 4] [--rounds 3] [--visits 400000]

Nothing is promised but that every page is counted: the figures are to be known. Both views are served by one
worker of the same web server, pinned to one core. On disk, the totals stand beside the table of
the same pages that a usual counter keeps: one row each, with an identifier of the visit.
"""

import argparse
import json
import random
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import count
from time import sleep
from typing import Any

from bench.product import HOST, product
from bench.report import Result, holds, report, told
from bench.served import BARE, PRODUCT, Times, load, make_table, p99, rate, served
from seqlense.kit.clock import now

FULL = ("--seconds 4 --rounds 3 --visits 400000",)
QUICK = ("--seconds 0.3 --rounds 1 --visits 300",)
CONNECTIONS = (1, 4, 16)
A_YEAR = 365
WRITTEN = 2.5
"""Seconds after which what waited in memory is written, as it is each second."""
PAGES = ("/fr/", "/fr/sign-up/", "/fr/privacy/", "/fr/contact/", "/fr/newsletter/", "/fr/cookies/")
ROWS = (
    "create table bench_page_view (id uuid primary key, visit uuid not null, at timestamptz not null, "
    "page text not null, source text not null, language text not null, country text not null, "
    "screen text not null)"
)
FILL = (
    "insert into bench_page_view select gen_random_uuid(), gen_random_uuid(), %s, u.* "
    "from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) u"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--visits", type=int, default=400_000)
    chosen = parser.parse_args()
    with product() as home:
        with ExitStack() as stack:
            make_table()
            ours, bare = stack.enter_context(served(home, PRODUCT)), stack.enter_context(served(home, BARE))
            request = _requests()
            for port in (ours, bare):
                load(port, 1, 0.3, request)
            sleep(WRITTEN)
            before = _counted()
            rounds = [
                (connections, load(ours, connections, chosen.seconds, request),
                 load(bare, connections, chosen.seconds, request))
                for _ in range(chosen.rounds) for connections in CONNECTIONS
            ]  # fmt: skip
            sleep(WRITTEN)
            answered = sum(len(ours) - 1 for _, ours, _ in rounds)
            counted = _counted() - before
        return report([*_rates(rounds), _all_counted(answered, counted), *_disk(chosen.visits)])


def _requests() -> Callable[[], bytes]:
    """What `measure.js` sends, from browsers of many kinds."""
    numbers = count()
    bodies = [
        json.dumps({"page": page, "before": "", "source": f"site{at}.example", "screen": screen}).encode()
        for page in PAGES
        for at, screen in enumerate(("small", "medium", "large", "wide"))
    ]
    heads = [
        f"POST /measure HTTP/1.1\r\nHost: {HOST}\r\nOrigin: http://{HOST}\r\nSec-Fetch-Site: same-origin\r\n"
        f"User-Agent: Mozilla/5.0\r\nAccept-Language: {tongue}\r\n".encode()
        for tongue in ("fr-FR,fr;q=0.9,en;q=0.8", "de-DE,de;q=0.9", "en-GB", "fr-BE")
    ]

    def made() -> bytes:
        number = next(numbers)
        body, head = bodies[number % len(bodies)], heads[number % len(heads)]
        return head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body

    return made


def _counted() -> int:
    return int(_one("select coalesce(sum(views), 0)::bigint from measurement_total where kind = 'all'"))


def _rates(rounds: list[tuple[int, Times, Times]]) -> Iterator[Result]:
    for connections in CONNECTIONS:
        mine = [(ours, bare) for known, ours, bare in rounds if known == connections]
        at = f"{connections} connection{'s' * (connections > 1)}"
        yield told(f"pages a second, {at}", statistics.median(rate(ours) for ours, _ in mine), places=0)
        yield told(f"p99, {at}", statistics.median(p99(ours) for ours, _ in mine), "ms", places=2)
        ratio = statistics.median(rate(ours) / rate(bare) for ours, bare in mine)
        yield told(f"pages to bare view, {at}", ratio, "×", places=2)


def _all_counted(answered: int, counted: int) -> Result:
    """The worker may have answered one page more for each connection that was cut."""
    whole = 0 <= counted - answered <= sum(CONNECTIONS) * 10
    return holds("pages counted of those answered", whole, f"{counted:,} of {answered:,}", "all")


def _disk(visits: int) -> Iterator[Result]:
    """Believable visits over a year, as totals and as rows."""
    from django.db import connection

    from seqlense.audience.measurement import counting
    from seqlense.project import database
    from seqlense.project.demo.visits import visit

    chance, today = random.Random(1), counting.day_of(now())
    with database.as_owner(), connection.cursor() as cursor:
        cursor.execute("truncate measurement_total")
        cursor.execute(ROWS)
        pages = 0
        for ago in range(A_YEAR):
            day = today - timedelta(days=ago)
            seen = [hit for _ in range(visits // A_YEAR + 1) for hit in visit(chance)]
            counting.add_up(Counter((day, hit) for hit in seen))
            columns = zip(
                *((one.page, one.source, one.language, one.country, one.screen) for one in seen), strict=True
            )
            cursor.execute(FILL, [day, *(list(column) for column in columns)])
            pages += len(seen)
    ours, rows = (
        _one(f"select pg_total_relation_size('{table}')")
        for table in ("measurement_total", "bench_page_view")
    )
    lines = _one("select count(*) from measurement_total")
    yield told("pages of a year", f"{pages:,}, in {lines:,} totals")
    yield told("disk per million pages", ours / pages, "MB", places=1)
    yield told("the same as one row a page", rows / pages, "MB", places=1)


def _one(query: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


if __name__ == "__main__":
    sys.exit(main())
