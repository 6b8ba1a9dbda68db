"""People of the storm: some will be erased, some stay, some have nothing but an old trace sealed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from seqlense.accounts.models import Account

LEAVING, STAYING, FADING = "leaving", "staying", "fading"
DEVICE = "Firefox, Linux"
EXPIRED = timedelta(days=300)


@dataclass(frozen=True)
class People:
    """Subjects by group; a person's number is the place in the group."""

    groups: Mapping[str, list[UUID]]

    @classmethod
    def read(cls, path: Path) -> "People":
        told: dict[str, list[str]] = json.loads(path.read_text(encoding="ascii"))
        return cls({group: [UUID(one) for one in subjects] for group, subjects in told.items()})

    def write(self, path: Path) -> None:
        told = {group: [str(one) for one in subjects] for group, subjects in self.groups.items()}
        path.write_text(json.dumps(told), encoding="ascii")

    def __getitem__(self, group: str) -> list[UUID]:
        return self.groups[group]


def address(group: str, number: int) -> str:
    return f"{group}{number}@crashes.example"


def name(group: str, number: int) -> str:
    return f"{group.title()} Nº {number}"


def plant(sizes: Mapping[str, int], *, now: datetime) -> People:
    """Accounts with sessions, passkeys and events, their keys and handles."""
    return People({group: list(_plant(group, size, now)) for group, size in sizes.items()})


def _plant(group: str, size: int, now: datetime) -> Iterator[UUID]:
    from seqlense.accounts.models import Account, Passkey, SecurityEvent, Session
    from seqlense.kit.identifiers import uuid7
    from seqlense.privacy.models import Subject

    people = Subject.objects.bulk_create(Subject(created_at=now) for _ in range(size))
    subjects = [one.pk for one in people]
    _lead(group, subjects)
    accounts = Account.objects.bulk_create(_accounts(group, subjects, now))
    at = now - EXPIRED if group == FADING else now
    SecurityEvent.objects.bulk_create(
        SecurityEvent(subject_id=one.subject_id, account=one, kind="signed_in", at=at, device=DEVICE)
        for one in accounts
    )
    if group != FADING:
        Session.objects.bulk_create(
            Session(
                subject_id=one.subject_id,
                account=one,
                key_digest=uuid7().bytes * 2,
                device=DEVICE,
                started_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(days=1),
            )
            for one in accounts
        )
        Passkey.objects.bulk_create(
            Passkey(
                subject_id=one.subject_id,
                account=one,
                name=DEVICE,
                credential_id=uuid7().bytes,
                public_key=b"key",
                sign_count=0,
                synced=False,
                created_at=now,
            )
            for one in accounts
        )
    yield from subjects


def _accounts(group: str, subjects: list[UUID], now: datetime) -> "Iterator[Account]":
    from seqlense.accounts.models import Account

    for number, subject in enumerate(subjects):
        yield Account(
            subject_id=subject,
            password="!",
            language="fr",
            country="FR",
            created_at=now,
            verified_at=now,
            email=address(group, number),
            name=name(group, number),
        )


def _lead(group: str, subjects: list[UUID]) -> None:
    """Their addresses lead to them."""
    from seqlense.privacy.keystore import handles, vault

    with vault.changing():
        for number, subject in enumerate(subjects):
            handles.claim("email", handles.digest("email", address(group, number)), subject)
