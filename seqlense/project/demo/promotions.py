"""Four promotions, interests that some declared, three segments, and reactions of those who agreed."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from seqlense.accounts.models import Account
from seqlense.audience.promotions import interests, writing
from seqlense.audience.promotions.models import PURPOSE, Audience, Declaration, Promotion, Reaction
from seqlense.audience.promotions.writing import Wording
from seqlense.audience.segments import belonging, defining
from seqlense.audience.segments.models import Segment
from seqlense.audience.segments.rules import Rule
from seqlense.privacy import consent
from seqlense.privacy.actor import Actor

DAY: Final = timedelta(days=1)
INTERESTS: Final = (
    ("Signature électronique", "Electronic signature"),
    ("Facturation", "Invoicing"),
    ("Protection des données", "Data protection"),
    ("Travail à plusieurs", "Working together"),
    ("Sécurité des comptes", "Account security"),
)
SEGMENTS: Final = (
    (
        ("Administrateurs de grandes organisations", "Administrators of large organisations"),
        Rule(
            (
                {
                    "organisations.role": frozenset({"owner", "administrator"}),
                    "organisations.size": frozenset({"middle", "large"}),
                },
            )
        ),
    ),
    (
        ("Sans second facteur depuis plus de six mois", "Without a second factor for over six months"),
        Rule(
            ({"accounts.second_factor": frozenset({"off"}), "accounts.age": frozenset({"settled", "old"})},)
        ),
    ),
    (
        ("Nouveaux venus anglophones", "English-speaking newcomers"),
        Rule(({"accounts.language": frozenset({"en"}), "accounts.age": frozenset({"new", "recent"})},)),
    ),
)


def plant(people: Sequence[Account], alice: Account, staff: Account, *, now: datetime) -> None:
    """After the people and their organisations are there."""
    chance, paul = random.Random(4), Actor.staff(staff.subject_id)  # noqa: S311 (believable, not secret)
    listed = [interests.add(labels, actor=paul, now=now - 60 * DAY).code for labels in INTERESTS]
    rows: list[Declaration] = []
    for account in [alice, *people[:80]]:
        rows += [
            Declaration(subject_id=account.subject_id, interest=code, declared_at=now - 30 * DAY)
            for code in (listed[:2] if account is alice else chance.sample(listed, chance.randint(1, 3)))
        ]
    Declaration.objects.bulk_create(rows)
    formed = []
    for names, rule in SEGMENTS:
        made = defining.define(names, rule, actor=paul, now=now - 20 * DAY)
        belonging.refresh(made.pk, now=now)
        formed.append(Segment.objects.get(pk=made.pk))
    shown = _promotions(listed, [one for one in formed if one.formed], paul, now)
    _reactions(people[:40], shown, chance, now)


def _promotions(codes: Sequence[str], formed: Sequence[Segment], paul: Actor, now: datetime) -> Promotion:
    """One for everyone, one by interest, one by segment; and a draft."""
    everyone = _wording(
        ("Travaillez à plusieurs", "Work together"),
        (
            "Réunissez vos collègues dans une organisation : chacun a son rôle, **rien ne se mélange**.",
            "Bring your colleagues together in an organisation: each has a role, **nothing gets mixed up**.",
        ),
        ("Créer une organisation", "Create an organisation"),
        "/organisations/new/",
        now,
    )
    shown = _started(everyone, paul, now)
    by_interest = _wording(
        ("La signature électronique arrive", "Electronic signature is coming"),
        (
            "Dans Seqlense, bientôt :\n\n- des documents signés en ligne ;"
            "\n- une preuve que chacun peut vérifier.",
            "In Seqlense, soon:\n\n- documents signed online;\n- a proof that anyone can check.",
        ),
        ("Voir les preuves", "See the proofs"),
        "/proofs/",
        now - DAY,
        rule=Rule(({"promotions.interests": frozenset({codes[0]})},)),
    )
    _started(by_interest, paul, now)
    if formed:
        by_segment = _wording(
            ("Un second verrou pour votre compte", "A second lock for your account"),
            (
                "Une clé d’accès se met en place en une minute, et un mot de passe volé n’ouvre plus rien.",
                "A passkey takes a minute to set up, and a stolen password opens nothing any more.",
            ),
            ("Ajouter une clé d’accès", "Add a passkey"),
            "/security/",
            now,
            slot="settings",
            segment=formed[-1 if len(formed) < 2 else 1],
        )
        _started(by_segment, paul, now)
    draft = _wording(
        ("Nos tarifs de janvier", "Our prices of January"),
        ("Texte à relire avant la mise en ligne.", "To be read again before it goes online."),
        ("En savoir plus", "Read more"),
        "https://www.seqlense.com/",
        now,
    )
    writing.write(draft, actor=paul, now=now)
    return shown


def _wording(
    title: tuple[str, str],
    text: tuple[str, str],
    button: tuple[str, str],
    link: str,
    now: datetime,
    *,
    slot: str = "home",
    rule: Rule | None = None,
    segment: Segment | None = None,
) -> Wording:
    audience = Audience.RULE if rule else Audience.SEGMENT if segment else Audience.EVERYONE
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Wording(
        title_fr=title[0],
        title_en=title[1],
        text_fr=text[0],
        text_en=text[1],
        button_fr=button[0],
        button_en=button[1],
        link=link,
        slot=slot,
        begins_at=midnight - 12 * DAY,
        ends_at=midnight + 60 * DAY,
        audience=audience,
        rule=rule or Rule(),
        segment=segment.pk if segment else None,
    )


def _started(wording: Wording, paul: Actor, now: datetime) -> Promotion:
    row = writing.write(wording, actor=paul, now=now)
    return writing.start(row.pk, seen=row.revision, actor=paul, now=now)


def _reactions(people: Sequence[Account], shown: Promotion, chance: random.Random, now: datetime) -> None:
    rows = []
    for account in people:
        who, at = account.subject_id, now - chance.uniform(1, 11) * DAY
        consent.give(
            who, PURPOSE, how="form", shown="demo", language=account.language, actor=Actor.person(who), now=at
        )
        rows.append(Reaction(subject_id=who, promotion=shown, kind=Reaction.Kind.SEEN, at=at))
        if chance.random() < 0.4:
            rows.append(Reaction(subject_id=who, promotion=shown, kind=Reaction.Kind.OPENED, at=at))
    Reaction.objects.bulk_create(rows)
