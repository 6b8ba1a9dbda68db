"""Signing in with a password: what the sealing adds to it, and how it divides.

    python -m bench.signing_in [--rounds 30]

Plain means: the same steps on the same tables, but the account found by an indexed plain column, and no
sealed column written. Argon2 is slow on purpose and governs both.
"""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from bench.ground import median_ms, timed
from bench.product import PASSWORD, person, product
from bench.report import report, told
from seqlense.kit.clock import now

FULL = ("--rounds 40",)
QUICK = ("--rounds 2",)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with product():
        return _measure(person(0, password=PASSWORD), rounds)


def _measure(account: Any, rounds: int) -> int:
    from seqlense.accounts import passwords
    from seqlense.accounts.models import Throttle, account_at

    address = account.email
    steps: dict[str, Callable[[], object]] = {
        "sealed": lambda: _sealed(address),
        "plain": lambda: _plain(account),
        "argon2 alone": lambda: passwords.check(account, PASSWORD),
        "find the account by its address, sealed": lambda: account_at(address),
        "find the account by a plain column": lambda: _by_plain_column(account),
        "session begun, device sealed": lambda: _session(account, "Firefox, Linux"),
        "session begun, no device": lambda: _session(account, None),
    }
    times: dict[str, list[float]] = {name: [] for name in steps}
    for work in steps.values():
        work()
    for _ in range(rounds):
        Throttle.objects.all().delete()  # so many sign-ins in a row would be put off
        for name, work in steps.items():
            times[name].append(timed(work))
    found = {name: median_ms(taken) for name, taken in times.items()}
    ratio = found.pop("sealed"), found.pop("plain")
    return report(
        [
            told("sign in, plain", ratio[1], "ms"),
            told("sign in, sealed", ratio[0], "ms"),
            told("sign in: sealed to plain", ratio[0] / ratio[1], "×", places=2),
            *(told(f"of it: {name}", value, "ms", places=2) for name, value in found.items()),
        ]
    )


def _sealed(address: str) -> None:
    from django.db import transaction

    from seqlense.accounts import signing_in

    place = signing_in.Place(source="", cookie=None)
    with transaction.atomic():
        done = signing_in.with_password(address, PASSWORD, place, now=now())
        assert isinstance(done, signing_in.SignedIn)
        _session(done.account, "Firefox, Linux")


def _plain(account: Any) -> None:
    from django.db import transaction

    from seqlense.accounts import events, factors, passwords, throttling
    from seqlense.privacy.actor import Actor

    moment, key = now(), str(account.pk)
    with transaction.atomic():
        throttling.allow_password(key, source="", device=None, now=moment)
        found = _by_plain_column(account)
        assert passwords.check(found, PASSWORD)
        throttling.right_password(key, source="", device=None)
        factors.has_codes(found)
        events.note(found, "signed_in", actor=Actor.person(found.subject_id), now=moment)
        _session(found, None)


def _by_plain_column(account: Any) -> Any:
    from seqlense.accounts.models import Account

    return Account.objects.filter(subject_id=account.subject_id).first()


def _session(account: Any, device: str | None) -> None:
    from django.contrib.auth import login
    from django.http import HttpRequest

    from seqlense.accounts import sessions
    from seqlense.accounts.backends import BACKEND

    request = HttpRequest()
    request.session = sessions.SessionStore()
    login(request, account, backend=BACKEND)
    if device:
        request.session[sessions.DEVICE] = device
    request.session.save()


if __name__ == "__main__":
    sys.exit(main())
