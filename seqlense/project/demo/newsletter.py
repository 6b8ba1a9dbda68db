"""Readers of the newsletter, some of whom left or paused, and what was written to them."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from seqlense.accounts.models import Account
from seqlense.audience.newsletter import agreeing, campaigns, objecting, partners, readers
from seqlense.audience.newsletter.models import Campaign, Reader
from seqlense.audience.newsletter.topics import ALL, Topic
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.models import Subject
from seqlense.project.demo import names

PROSPECTS: Final = 240
DAY: Final = timedelta(days=1)
SENT: Final = (
    (
        Topic.PRODUCT,
        34,
        "Vos preuves, maintenant à emporter",
        "Your proofs, now yours to take away",
        "# Vos preuves, à emporter\n\nChaque acte qui touche vos données laisse une preuve. Depuis ce "
        "mois, vous "
        "pouvez **la télécharger** et la faire vérifier par qui vous voulez, sans nous.\n\n"
        "- sous *Mes demandes*, un fichier par demande ;\n- un programme ouvert qui le vérifie ;\n"
        "- rien à installer chez nous.\n\n[Comment cela marche](https://www.seqlense.com/fr/preuves/)",
        "# Your proofs, to take away\n\nEach act that touches your data leaves a proof. From this month "
        "on you "
        "can **download it** and have it checked by whomever you like, without us.\n\n"
        "- under *My requests*, a file for each request;\n- an open program that checks it;\n"
        "- nothing to install with us.\n\n[How it works](https://www.seqlense.com/en/proofs/)",
    ),
    (
        Topic.PRACTICE,
        8,
        "Répondre à une demande d’accès en une heure",
        "Answering an access request within an hour",
        "# Répondre en une heure\n\nUn mois, c’est le délai de la loi. Avec un registre qui s’exécute, la "
        "réponse "
        "est prête **avant la question**.\n\n> « Enfin je comprends ce que vous faites de mes données. »\n\n"
        "Trois choses à préparer :\n\n1. qui répond ;\n2. comment vous vérifiez l’identité ;\n"
        "3. où la réponse est gardée.",
        "# Answering within an hour\n\nA month is what the law allows. With a register that runs, the "
        "answer is "
        "ready **before the question**.\n\n> “At last I understand what you do with my data.”\n\n"
        "Three things to prepare:\n\n1. who answers;\n2. how you check identity;\n3. where the answer is "
        "kept.",
    ),
)
DRAFT: Final = (
    Topic.OFFERS,
    "Deux mois offerts pour les équipes",
    "Two months free for teams",
    "# Pour les équipes\n\nJusqu’à la fin de l’année, deux mois sont offerts aux organisations de plus de "
    "dix "
    "membres.\n\n[Voir l’offre](https://www.seqlense.com/fr/offres/)",
    "# For teams\n\nUntil the end of the year, organisations of more than ten members have two months "
    "free.\n\n"
    "[See the offer](https://www.seqlense.com/en/offers/)",
)


def plant(
    cast: Iterable[Account],
    people: Sequence[Account],
    staff: Actor,
    *,
    now: datetime,
    random: random.Random,
) -> None:
    """Customers and prospects, two campaigns that were sent, one draft."""
    left = set(Account.objects.filter(pk__in=[one.pk for one in people]).values_list("pk", flat=True))
    people = [one for one in people if one.pk in left]
    _prospects(now, random)
    _customers([*cast, *people])
    for account in random.sample(people, 9):
        objecting.unsubscribe(
            account.subject_id, actor=Actor.person(account.subject_id), now=now - random.uniform(2, 90) * DAY
        )
    readers_left = [one for one in people if not objecting.objected(one.subject_id)]
    for account in random.sample(readers_left, 6):
        actor = Actor.person(account.subject_id)
        readers.pause(account.subject_id, random.choice("136"), actor=actor, now=now - 3 * DAY)
        partners.agree(
            account.subject_id, how="settings", language=account.language, actor=actor, now=now - 3 * DAY
        )
    _campaigns(staff, now)


def _prospects(now: datetime, chance: random.Random) -> None:
    """People without an account, as double opt-in leaves them."""
    since = [now - chance.triangular(1, 700, 90) * DAY for _ in range(PROSPECTS)]
    whom = [Subject(id=uuid7(at), created_at=at) for at in since]
    Subject.objects.bulk_create(whom)
    rows = []
    for number, (subject, at) in enumerate(zip(whom, since, strict=True)):
        name = names.called(chance, "fr")
        row = Reader(
            subject_id=subject.pk,
            language="en" if chance.random() < 0.2 else "fr",
            topics=ALL if chance.random() < 0.6 else chance.sample(ALL, 1),
            since=at,
            last_contact_at=at,
        )
        row.email = f"{names.ascii_of(name) or 'lecteur'}.{number}@lecteurs.example"
        subjects.attach(subject.pk, "email", row.email)
        rows.append(row)
    Reader.objects.bulk_create(rows)
    for one in rows:
        agreeing.agree(
            one.subject_id,
            how="link",
            shown=agreeing.shown(one.language),
            language=one.language,
            actor=Actor.person(one.subject_id),
            now=one.since,
        )


def _customers(people: Sequence[Account]) -> None:
    known = set(Reader.objects.values_list("subject_id", flat=True))
    Reader.objects.bulk_create(
        Reader(
            subject_id=one.subject_id,
            account_id=one.pk,
            language=one.language,
            topics=ALL,
            since=one.verified_at or one.created_at,
        )
        for one in people
        if one.subject_id not in known and one.is_active
    )


def _campaigns(staff: Actor, now: datetime) -> None:
    for topic, ago, subject_fr, subject_en, text_fr, text_en in SENT:
        at = now - ago * DAY
        made = campaigns.write(
            campaigns.Draft(
                about=topic, subject_fr=subject_fr, subject_en=subject_en, text_fr=text_fr, text_en=text_en,
                rate=120,
            ),
            actor=staff, now=at, identifier=uuid7(at),
        )  # fmt: skip
        begun = campaigns.start(made.pk, seen=made.revision, actor=staff, now=at + timedelta(hours=1))
        number = Reader.objects.filter(since__lte=at, topics__contains=[topic.value]).count()
        Campaign.objects.filter(pk=begun.pk).update(
            posted=number, exhausted_at=at + timedelta(hours=2), finished_at=at + timedelta(hours=2)
        )
    topic, subject_fr, subject_en, text_fr, text_en = DRAFT
    campaigns.write(
        campaigns.Draft(
            about=topic, subject_fr=subject_fr, subject_en=subject_en, text_fr=text_fr, text_en=text_en,
            rate=60, second_look=True,
        ),
        actor=staff, now=now - 2 * timedelta(hours=1), identifier=uuid7(now),
    )  # fmt: skip
