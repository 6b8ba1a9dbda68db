"""People in bulk: the same rows as signing up leaves, many at a time."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import make_password

from seqlense.accounts.models import Account, SecurityEvent, Session
from seqlense.accounts.sessions import SessionStore, digest
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import subjects
from seqlense.privacy.models import Subject

DEVICES: Final = (
    "Firefox, Linux",
    "Firefox, Windows",
    "Chrome, Windows",
    "Chrome, Android",
    "Edge, Windows",
    "Safari, iPhone",
    "Safari, macOS",
)
DAILY: Final = ("signed_in", "signed_in", "signed_in", "signed_in_passkey", "signed_out", "sign_in_failed")
RARELY: Final = ("password_changed", "passkey_added", "codes_on", "session_revoked")
ZONES: Final = {"FR": "Europe/Paris", "BE": "Europe/Brussels", "CH": "Europe/Zurich", "IE": "Europe/Dublin"}


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody to plant. since: when they signed up; verified: whether they followed the link."""

    name: str
    email: str
    language: str
    country: str
    since: datetime
    password: str | None = None
    verified: bool = True


def plant(newcomers: Sequence[Newcomer]) -> list[Account]:
    """Their subjects, handles and accounts, in the same order."""
    nobody = make_password(None)
    rows = [Subject(id=uuid7(one.since), created_at=one.since) for one in newcomers]
    Subject.objects.bulk_create(rows)
    accounts = []
    for one, subject in zip(newcomers, rows, strict=True):
        subjects.attach(subject.pk, "email", one.email)
        account = Account(
            id=uuid7(one.since),
            subject_id=subject.pk,
            password=make_password(one.password) if one.password else nobody,
            language=one.language,
            country=one.country,
            currency={"GB": "GBP", "CH": "CHF"}.get(one.country, "EUR"),
            time_zone=ZONES.get(one.country, "Europe/London" if one.country == "GB" else "Europe/Paris"),
            created_at=one.since,
            verified_at=one.since + timedelta(minutes=7) if one.verified else None,
            unverified_since=None if one.verified else one.since,
        )
        account.email, account.name = one.email, one.name
        accounts.append(account)
    return Account.objects.bulk_create(accounts)


def live(accounts: Sequence[Account], *, now: datetime, random: random.Random) -> None:
    """What half a year of use leaves: security events (kept six months) and open sessions."""
    events: list[SecurityEvent] = []
    sessions: list[Session] = []
    empty = SessionStore().encode({})
    for account in accounts:
        first = max(account.created_at, now - timedelta(days=182, hours=12))
        device = random.choice(DEVICES)
        events += [_event(account, first, now, device, random) for _ in range(random.randint(1, 5))]
        if random.random() < 0.2:
            seen = now - timedelta(hours=random.uniform(1, 70))
            sessions.append(_session(account, seen, device, empty, random))
    SecurityEvent.objects.bulk_create(events)
    Session.objects.bulk_create(sessions)


def _event(
    account: Account, first: datetime, now: datetime, device: str, random: random.Random
) -> SecurityEvent:
    at = first + random.random() * (now - first)
    kind = random.choice(DAILY if random.random() < 0.9 else RARELY)
    event = SecurityEvent(id=uuid7(at), subject_id=account.subject_id, account=account, kind=kind, at=at)
    event.device = device
    return event


def _session(account: Account, seen: datetime, device: str, data: str, random: random.Random) -> Session:
    session = Session(
        subject_id=account.subject_id,
        account=account,
        key_digest=digest(random.randbytes(20).hex()),
        data=data,
        started_at=seen - timedelta(minutes=random.randint(5, 600)),
        last_seen_at=seen,
        expires_at=seen + timedelta(days=3),
    )
    session.device = device
    return session
