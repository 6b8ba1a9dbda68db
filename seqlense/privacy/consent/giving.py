"""A person consents to a purpose, or withdraws the consent. Each act leaves a receipt."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from seqlense.privacy import acts, running, switches
from seqlense.privacy.actor import Actor
from seqlense.privacy.consent.errors import UnknownPerson, UnknownPurpose
from seqlense.privacy.consent.models import Kind, Receipt
from seqlense.privacy.consent.signals import changed
from seqlense.privacy.models import Subject, Switch
from seqlense.register import Activity

UNSEEN: Final = ""
"""In place of what was shown, on the receipt of a withdrawal: nothing has to be read for it."""


def purposes() -> frozenset[str]:
    """Consents that the running register asks for: of its activities, recipients and cookies in use."""
    register = running.register()
    used = {recipient for activity in register.active for recipient in activity.recipients}
    found = {one.basis.consent_purpose for one in register.active}
    found |= {register.recipients[one].consent_purpose for one in used if one in register.recipients}
    found |= {one.consent_purpose for one in register.active_cookies}
    return frozenset(one for one in found if one)


def activities(purpose: str) -> tuple[Activity, ...]:
    """Running activities that rest on that consent and over which it can be withdrawn."""
    return tuple(
        one
        for one in running.register().active
        if one.basis.consent_purpose == purpose
        and (offered := switches.offer(one.id)) is not None
        and offered.withdraw
    )


@transaction.atomic
def give(
    subject: UUID, purpose: str, *, how: str, shown: str, language: str, actor: Actor, now: datetime
) -> Receipt:
    """Note that a person consents to a purpose of the register (GDPR art. 4(11), 7).

    how: by which act, a code of at most 20 letters ("form", "link", "settings"). shown: short name or hash of
    the text that the person read; language: in which one. Frees the activities that the person had withdrawn
    from. A consent that stands to the same text is handed back as it is; one to another text is replaced.
    Raises UnknownPurpose, UnknownPerson (nobody, or erased).
    """
    if purpose not in purposes():
        raise UnknownPurpose
    _lock(subject)
    standing = _standing(subject, purpose)
    if standing is not None and (standing.shown, standing.language) == (shown, language):
        return standing
    if standing is not None:
        _end(standing, now)
    made = _write(
        Kind.GIVEN, subject, purpose, how=how, shown=shown, language=language, previous=standing, now=now
    )
    acts.record(
        "consent.given", actor=actor, now=now, subject=subject, receipt=made.pk, purpose=purpose, how=how,
        shown=shown, language=language, previous=made.previous,
    )  # fmt: skip
    for activity in activities(purpose):
        bars = Switch.objects.in_force().filter(subject_id=subject, activity=activity.id)
        for bar in bars.filter(kind=switches.Kind.WITHDRAWAL).values_list("pk", flat=True):
            switches.lift(bar, actor=actor, now=now)
    if standing is None:
        changed.send(sender=Receipt, subject=subject, purpose=purpose, given=True, now=now)
    return made


@transaction.atomic
def withdraw(subject: UUID, purpose: str, *, how: str, actor: Actor, now: datetime) -> Receipt | None:
    """End a person's consent to a purpose (GDPR art. 7(3)); None where none stands. Repeating it is harmless.

    What was lawful before stays so. The activities that rest on it are barred as by a withdrawal in My data.
    Raises UnknownPerson.
    """
    _lock(subject)
    made = end(subject, purpose, how=how, actor=actor, now=now)
    if made is not None:
        for activity in activities(purpose):
            switches.set(switches.Kind.WITHDRAWAL, subject, activity.id, actor=actor, now=now)
    return made


def end(subject: UUID, purpose: str, *, how: str, actor: Actor, now: datetime) -> Receipt | None:
    """The consent's own part of a withdrawal, in the caller's transaction: My data's switches stay as they
    are.
    """
    standing = _standing(subject, purpose)
    if standing is None:
        return None
    _end(standing, now)
    made = _write(
        Kind.WITHDRAWN, subject, purpose, how=how, shown=UNSEEN, language=standing.language,
        previous=standing, now=now,
    )  # fmt: skip
    acts.record(
        "consent.withdrawn", actor=actor, now=now, subject=subject, receipt=made.pk, purpose=purpose, how=how,
        language=made.language, previous=standing.pk,
    )  # fmt: skip
    changed.send(sender=Receipt, subject=subject, purpose=purpose, given=False, now=now)
    return made


def given(subject: UUID, purpose: str) -> bool:
    """Whether that person consents to that purpose."""
    return Receipt.objects.standing().filter(subject_id=subject, purpose=purpose).exists()


def since(subject: UUID, purpose: str) -> datetime | None:
    """Since when that person consents to that purpose; None where they don't."""
    standing = _standing(subject, purpose)
    return standing.at if standing is not None else None


def consenting(purpose: str, *, subject: str = "subject_id") -> Exists:
    """A condition for querysets: somebody who consents to that purpose.

    `Reader.objects.filter(consent.consenting("partner_offers"))`. subject: the column that says whom a row is
    about.
    """
    return Exists(Receipt.objects.standing().filter(subject_id=OuterRef(subject), purpose=purpose))


def _lock(subject: UUID) -> None:
    """One act of a person's at a time."""
    if not Subject.objects.select_for_update().filter(pk=subject, erased_at=None).exists():
        raise UnknownPerson


def _standing(subject: UUID, purpose: str) -> Receipt | None:
    return Receipt.objects.standing().filter(subject_id=subject, purpose=purpose).first()


def _end(standing: Receipt, now: datetime) -> None:
    standing.ended_at = max(now, standing.at)
    standing.save(update_fields=["ended_at"])


def _write(
    kind: Kind,
    subject: UUID,
    purpose: str,
    *,
    how: str,
    shown: str,
    language: str,
    previous: Receipt | None,
    now: datetime,
) -> Receipt:
    made = Receipt(
        subject_id=subject,
        at=now,
        kind=kind,
        purpose=purpose,
        how=how,
        shown=shown,
        language=language,
        register_version=running.enlist(now),
        previous=previous.pk if previous else None,
        ended_at=now if kind == Kind.WITHDRAWN else None,
    )
    made.save(force_insert=True)
    return made
