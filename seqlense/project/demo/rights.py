"""What people asked under the GDPR, holds that stop deletion, and what staff looked at."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from seqlense.accounts import closing
from seqlense.accounts.models import Account
from seqlense.privacy import acts, holds, requests
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Hold, RightsRequest

Kind = RightsRequest.Kind
# kind, channel, received so many days ago, answered after so many days (None: still open)
ASKED: Final[Sequence[tuple[RightsRequest.Kind, str, int, int | None]]] = (
    (Kind.ACCESS, "product", 410, 0),
    (Kind.ACCESS, "email", 320, 6),
    (Kind.RECTIFICATION, "product", 288, 0),
    (Kind.PORTABILITY, "product", 201, 0),
    (Kind.OBJECTION, "post", 160, 12),
    (Kind.ACCESS, "product", 94, 0),
    (Kind.RESTRICTION, "email", 61, 9),
    (Kind.ACCESS, "product", 33, 0),
    (Kind.ACCESS, "email", 24, None),
    (Kind.RECTIFICATION, "email", 27, None),
    (Kind.ERASURE, "post", 3, None),
)
READ_FOR: Final = (
    "Demande d'assistance par téléphone : adresse à confirmer",
    "Support ticket: sign-in trouble after a change of phone",
    "Réponse à une demande d'accès reçue par courrier",
    "Checking a report of an account opened in somebody else's name",
    "Vérification avant la levée d'un gel",
)


def ask(people: Sequence[Account], officer: Actor, *, now: datetime) -> None:
    """Requests past and open; the access that takes long was extended by a letter."""
    for account, (kind, channel, ago, took) in zip(people, ASKED, strict=False):
        received = now - timedelta(days=ago)
        own = Actor.person(account.subject_id) if channel == "product" else officer
        request = requests.receive(account.subject_id, kind, actor=own, now=received, channel=channel)
        if took is not None:
            requests.answer(request, [], actor=officer if took else own, now=received + timedelta(days=took))
        elif kind is Kind.ACCESS:
            requests.extend(request, actor=officer, now=received + timedelta(days=8))


def hold(people: Sequence[Account], officer: Actor, *, now: datetime) -> None:
    """Three that are open: a dispute, a claim that ends soon, a demand of an authority."""
    dispute, claim, demand = people[:3]
    holds.place(
        dispute.subject_id, reason=Hold.Reason.LITIGATION, actor=officer, now=now - timedelta(days=140)
    )
    holds.place(
        claim.subject_id,
        reason=Hold.Reason.CLAIM,
        now=now - timedelta(days=70),
        ends_at=now + timedelta(days=12),
        activity="security_logs",
        actor=officer,
    )
    holds.place(
        demand.subject_id,
        reason=Hold.Reason.AUTHORITY,
        now=now - timedelta(days=21),
        ends_at=now + timedelta(days=160),
        actor=officer,
    )


def read(people: Sequence[Account], staff: Actor, *, now: datetime) -> None:
    """Staff opened some accounts, each for a reason they typed."""
    for place, account in enumerate(people):
        acts.record_staff(
            "console.file_read",
            actor=staff,
            subject=account.subject_id,
            reason=READ_FOR[place % len(READ_FOR)],
            now=now - timedelta(days=11 * place + 1, hours=3),
        )


def leave(people: Sequence[Account], *, now: datetime) -> None:
    """People who closed their accounts: what may go is gone, and the proof of it stays."""
    for place, account in enumerate(people):
        closing.close(
            account, actor=Actor.person(account.subject_id), now=now - timedelta(days=4 + 9 * place)
        )
