"""Many people close their accounts at once: real pages, real web server, real HTTP, all on one machine.

    python -m bench.burst [--people 40] [--at-once 8]

The promise: on 2 cores, 25 closings a second or more. Each erases the person item by item, with proof and
destroyed keys, in the product as it is shipped.
"""

import argparse
import os
import statistics
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep
from urllib.parse import urlencode

from bench.product import HOST, Visitor, organisation, person, product, signed_in
from bench.report import at_least, holds, report, told

FULL = ("--people 40", "--people 200")
QUICK = ("--people 3 --at-once 2",)
FEWEST_A_SECOND = 25.0
TOKEN = "A" * 32
PATH = "/fr/close-account/"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--at-once", type=int, default=8)
    chosen = parser.parse_args()
    with product() as home, _served(home) as port:
        owner = person(0)
        organisation(owner, 2, "Atelier", first=1_000)
        visitors = [signed_in(person(number + 1)) for number in range(chosen.people + 2)]
        for visitor in visitors[:2]:
            _close(port, visitor)  # the server has loaded what it needs
        return _measure(port, visitors[2:], chosen.at_once)


def _measure(port: int, visitors: list[Visitor], at_once: int) -> int:
    from seqlense.privacy import destruction
    from seqlense.privacy.models import Subject

    with ThreadPoolExecutor(at_once) as pool:
        began = perf_counter()
        waits = list(pool.map(lambda one: _close(port, one), visitors))
        took = perf_counter() - began
    subjects = [visitor.account.subject_id for visitor in visitors]
    erased = Subject.objects.filter(pk__in=subjects, erased_at__isnull=False).count()
    return report(
        [
            at_least(
                f"{len(visitors)} closings over HTTP, {at_once} at a time",
                len(visitors) / took,
                FEWEST_A_SECOND,
                "a second",
            ),
            told("median answer", statistics.median(waits) * 1000, "ms", places=0),
            told("slowest answer", max(waits) * 1000, "ms", places=0),
            holds("people erased", erased == len(visitors), f"{erased} of {len(visitors)}", "all"),
            holds("keys left to destroy", not destruction.waiting(), str(destruction.waiting()), "none"),
        ]
    )


def _close(port: int, visitor: Visitor) -> float:
    """Seconds until the person reads that it is done."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    body = urlencode({"close": "1", "csrfmiddlewaretoken": TOKEN})
    headers = {
        "Host": f"{HOST}:{port}",
        "Cookie": f"{visitor.cookies}; csrf={TOKEN}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    began = perf_counter()
    try:
        connection.request("POST", PATH, body, headers)
        response = connection.getresponse()
        response.read()
    finally:
        connection.close()
    if response.status != 302 or "account-closed" not in (response.getheader("Location") or ""):
        raise RuntimeError(f"{PATH} answered {response.status}")
    return perf_counter() - began


@contextmanager
def _served(home: Path) -> Iterator[int]:
    """The pages as an operator serves them on two cores; gives the port."""
    from seqlense.project import processes

    port = processes.free_port(0)
    command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
    child = processes.start(
        "pages",
        [sys.executable, "-m", *command, "--blocking-threads", "8", "seqlense.project.wsgi:application"],
        log=home / "log" / "pages.log",
        environment=dict(os.environ),
    )
    try:
        _wait(port)
        yield port
    finally:
        child.stop()


def _wait(port: int) -> None:
    for _ in range(600):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/fr/", headers={"Host": HOST})
            connection.getresponse().read()
            return
        except OSError:
            sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError("no page answers")


if __name__ == "__main__":
    sys.exit(main())
