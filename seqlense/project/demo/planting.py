"""All of the demo data, in one transaction: it is there wholly or not at all."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.db import transaction

from seqlense.accounts.models import Account, CodeGenerator, StaffRole
from seqlense.mailing.models import Message
from seqlense.organisations import doors, invitations
from seqlense.organisations.models import Organisation
from seqlense.organisations.roles import Role
from seqlense.privacy import acts, retention, running
from seqlense.privacy.actor import Actor
from seqlense.project.demo import (
    companies,
    consent,
    names,
    newsletter,
    notices,
    people,
    promotions,
    rights,
    support,
    visits,
)
from seqlense.project.demo.companies import CLOSED_DAYS_AGO as CLOSED
from seqlense.project.demo.companies import Company
from seqlense.project.demo.people import Newcomer
from seqlense.project.demo.signs import CAST, CODE_SECRET, PASSWORD

SEED: Final = 987812641
ARNAUD: Final = "Arnaud & Cie"
COLLEAGUES: Final = 9
UNVERIFIED: Final = 14
INVITATIONS: Final = 58
DAY: Final = timedelta(days=1)


def plant(*, now: datetime) -> None:
    """Fill an empty installation. Takes a few seconds; sends one mail, an invitation to Charlie."""
    chance = random.Random(SEED)  # noqa: S311 (believable, not secret)
    with transaction.atomic(using="keys"), transaction.atomic():
        running.enlist(now)
        cast = _cast(now)
        crowd = _crowd(now, chance)
        planted = iter(people.plant([one for group in crowd.values() for one in group]))
        groups = {house: list(islice(planted, len(group))) for house, group in crowd.items()}
        verified = [account for house, group in groups.items() if house for account in group]
        founded = _organisations(groups, now, chance)
        _arnaud(cast, groups[ARNAUD], founded, now, chance)
        _invitations(founded, now, chance)
        people.live([*cast.values(), *verified], now=now, random=chance)
        _rights(verified, cast, now)
        notices.plant(officer=Actor.staff(cast["odile"].subject_id), now=now)
        support.plant(*_who_asks(verified, cast), now=now)
        newsletter.plant(
            cast.values(), verified, Actor.staff(cast["paul"].subject_id), now=now, random=chance
        )
        promotions.plant(verified[100:300], cast["alice"], cast["paul"], now=now)
        consent.plant(cast, now=now)
        visits.plant(now=now, random=chance)
        Message.objects.filter(posted_at__lt=now).delete()  # of the past: they arrived
    for ago in (3, 2, 1, 0):
        retention.run(now=now - ago * DAY, actor=Actor.system("retention"))


def _cast(now: datetime) -> dict[str, Account]:
    since = now - 400 * DAY
    accounts = people.plant(
        [
            Newcomer(
                name=sign.name,
                email=sign.email,
                language=sign.language,
                country=sign.country,
                since=since,
                password=PASSWORD,
            )
            for sign in CAST
        ]
    )
    for sign, account in zip(CAST, accounts, strict=True):
        if sign.staff:
            _staff(account, sign.staff, since)
    return {sign.key: account for sign, account in zip(CAST, accounts, strict=True)}


def _staff(account: Account, role: str, since: datetime) -> None:
    """A role on the staff, and the second factor that it demands."""
    StaffRole.objects.create(subject_id=account.subject_id, account=account, role=role, since=since)
    generator = CodeGenerator(
        subject_id=account.subject_id, account=account, created_at=since, confirmed_at=since
    )
    generator.secret = CODE_SECRET
    generator.save(force_insert=True)
    acts.record(
        "accounts.staff_granted",
        actor=Actor.system("demo"),
        now=since,
        subject=account.subject_id,
        role=role,
    )


def _crowd(now: datetime, chance: random.Random) -> dict[str, list[Newcomer]]:
    """The people of each company, the first to come first; under "" those who never followed their link."""
    taken: set[str] = set()
    houses = {house: chance.choice(companies.MEMBERS_PER_COMPANY) for house in names.COMPANIES}
    crowd = {
        house: sorted(
            (_newcomer(house, chance.triangular(3, 900, 200), taken, now, chance) for _ in range(number)),
            key=lambda one: one.since,
        )
        for house, number in {**houses, ARNAUD: COLLEAGUES}.items()
    }
    unsure = (chance.choice(names.COMPANIES) for _ in range(UNVERIFIED))
    crowd[""] = [
        replace(_newcomer(house, chance.uniform(0.1, 6.8), taken, now, chance), name="", verified=False)
        for house in unsure
    ]
    return crowd


def _newcomer(house: str, days: float, taken: set[str], now: datetime, chance: random.Random) -> Newcomer:
    language = "en" if house in names.ENGLISH_COMPANIES else "fr"
    countries = ["FR"] * 7 + ["BE", "CH", "LU"] if language == "fr" else ["GB", "GB", "IE", "DE", "NL"]
    name = names.called(chance, language)
    return Newcomer(
        name=name,
        email=_address(name, house, taken),
        language=language,
        country=chance.choice(countries),
        since=now - days * DAY,
    )


def _address(name: str, house: str, taken: set[str]) -> str:
    """Unlike anybody's before: "camille.robin@menuiserie-du-val.example"."""
    parts = [names.ascii_of(part) for part in name.split()]
    local = ".".join(part for part in (parts[0], parts[-1]) if part) or "contact"
    domain = "arnaud" if house == ARNAUD else names.ascii_of(house)
    numbers = ("", *map(str, range(2, 99)))
    address = next(one for number in numbers if (one := f"{local}{number}@{domain}.example") not in taken)
    taken.add(address)
    return address


def _organisations(
    groups: Mapping[str, Sequence[Account]], now: datetime, chance: random.Random
) -> list[tuple[Organisation, Sequence[Account]]]:
    """Each company with its people; in every other one works somebody from elsewhere, too."""
    everybody = [account for group in groups.values() for account in group]
    ends = dict(zip(chance.sample(names.COMPANIES, len(CLOSED)), CLOSED, strict=True))
    founded = []
    for name in names.COMPANIES:
        guests = [one for one in chance.sample(everybody, 1) if one not in groups[name]]
        people = [*groups[name], *guests[: chance.randint(0, 1)]]
        closed_at = now - ends[name] * DAY - timedelta(hours=3) if name in ends else None
        company = Company(
            name=name,
            since=min(people[0].created_at + DAY, (closed_at or now) - DAY),
            people=[people[0], *(one for one in people[1:] if one.created_at < (closed_at or now))],
            administrators=2 if len(people) > 10 else 1,
            second_factor=chance.random() < 0.15,
            closed_at=closed_at,
        )
        founded.append((companies.plant(company, now=now, random=chance), company.people))
    return founded


def _arnaud(
    cast: dict[str, Account],
    colleagues: Sequence[Account],
    founded: Sequence[tuple[Organisation, Sequence[Account]]],
    now: datetime,
    chance: random.Random,
) -> None:
    """The cast's own: Alice's company, one of Charlie's, and an invitation that he finds in his mailbox."""
    alice, dana, bob, charlie = (cast[key] for key in ("alice", "dana", "bob", "charlie"))
    arnaud = companies.plant(
        Company(name=ARNAUD, since=now - 390 * DAY, people=[alice, dana, bob, *colleagues]),
        now=now,
        random=chance,
    )
    for ago in (2, 6, 12, 26):
        companies.invite(
            arnaud, f"candidat{ago}@ailleurs.example", by=dana, sent_at=now - ago * DAY, random=chance
        )
    companies.plant(
        Company(name="Atelier Çelik", since=now - 200 * DAY, people=[charlie, colleagues[0]]),
        now=now,
        random=chance,
    )
    organisation, group = next(
        (one, group) for one, group in founded if one.closed_at is None and len(group) > 3
    )
    companies.offer(organisation, group[1], by=group[0], at=now - 2 * DAY)
    invitations.invite(
        arnaud.pk,
        addresses=[charlie.email],
        role=Role.MEMBER,
        language=charlie.language,
        actor=Actor.person(alice.subject_id),
        now=now,
    )


def _invitations(
    founded: Sequence[tuple[Organisation, Sequence[Account]]], now: datetime, chance: random.Random
) -> None:
    """Spread over the last thirty days, so that some go each day of the coming ones."""
    living = [(organisation, group) for organisation, group in founded if organisation.closed_at is None]
    for number in range(INVITATIONS):
        organisation, group = chance.choice(living)
        sent_at = now - chance.uniform(0.5, 29.5) * DAY
        address = f"{names.ascii_of(names.called(chance, 'fr')) or 'invite'}.{number}@invites.example"
        companies.invite(organisation, address, by=group[0], sent_at=sent_at, random=chance)


def _rights(verified: Sequence[Account], cast: dict[str, Account], now: datetime) -> None:
    """Old accounts have asked, been held, been read by staff; two people have left."""
    old = sorted(verified, key=lambda account: account.created_at)
    officer = Actor.staff(cast["odile"].subject_id)
    rights.ask(
        [account for account in old if account.created_at < now - 420 * DAY][:11] or old[:11],
        officer,
        now=now,
    )
    rights.hold(old[20:23], officer, now=now)
    rights.read(old[30:44], Actor.staff(cast["paul"].subject_id), now=now)
    rights.leave([one for one in old[50:70] if not doors.owned(one.subject_id)][:2], now=now)


def _who_asks(verified: Sequence[Account], cast: dict[str, Account]) -> tuple[list[Account], list[Account]]:
    """Alice, Bob and old accounts; the staff who answer."""
    old = sorted(verified, key=lambda account: account.created_at)
    return [cast["alice"], cast["bob"], *old[80:120]], [cast["paul"], cast["odile"]]
