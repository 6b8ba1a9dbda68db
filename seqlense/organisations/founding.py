"""Founding an organisation, and its settings."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from seqlense.accounts import factors, throttling
from seqlense.accounts.errors import TooManyAttempts
from seqlense.accounts.models import Account
from seqlense.kit.text import InvalidText, clean_name
from seqlense.organisations.acting import acting
from seqlense.organisations.errors import (
    ChangedMeanwhile,
    InvalidName,
    NotFound,
    SecondFactorMissing,
    TooMany,
)
from seqlense.organisations.models import LONGEST_NAME, Membership, Organisation
from seqlense.organisations.roles import Permission, Role
from seqlense.organisations.tenancy import inside
from seqlense.privacy import acts
from seqlense.privacy.actor import Actor

FOUNDED: Final = throttling.Limit(name="organisations", burst=10, every=timedelta(hours=2))


def found(*, name: str, account: Account, actor: Actor, now: datetime, identifier: UUID) -> Organisation:
    """Found an organisation owned by that account.

    identifier: a fresh UUIDv7 chosen when the form was shown; sent twice, it founds once. Raises InvalidName,
    TooMany, and NotFound where the identifier is somebody else's.
    """
    name = checked_name(name)
    with inside(identifier):
        try:
            throttling.allow(FOUNDED, str(account.subject_id), now=now)
        except TooManyAttempts as wait:
            raise TooMany("organisations.too-many.founded", now + wait.again_in) from None
        # The counter's row is locked by now: sent twice at once, the second sees what the first founded.
        existing = Organisation.objects.filter(pk=identifier).first()
        if existing is not None:
            if not Membership.objects.filter(organisation=existing, subject_id=account.subject_id).exists():
                raise NotFound
            return existing
        organisation = Organisation.objects.create(id=identifier, name=name, created_at=now)
        Membership.objects.create(
            organisation=organisation, subject_id=account.subject_id, role=Role.OWNER, joined_at=now
        )
        acts.record(
            "organisations.founded",
            actor=actor,
            now=now,
            subject=account.subject_id,
            organisation=organisation.pk,
        )
        return organisation


def rename(organisation: UUID, *, name: str, seen: int, actor: Actor, now: datetime) -> Organisation:
    """Give it another name. seen: the revision that the form showed. Raises InvalidName, ChangedMeanwhile."""
    name = checked_name(name)
    with acting(organisation, actor, Permission.SETTINGS) as here:
        if here.organisation.name == name:
            return here.organisation
        _next_revision(here.organisation, seen)
        here.organisation.name = name
        here.organisation.save(update_fields=["name", "revision"])
        acts.record("organisations.renamed", actor=actor, now=now, organisation=organisation)
        return here.organisation


def demand_second_factor(
    organisation: UUID, *, demanded: bool, seen: int, account: Account, actor: Actor, now: datetime
) -> Organisation:
    """Demand a second factor of every member, or stop demanding it.

    Whoever demands it has one, so as not to be shut out. Raises SecondFactorMissing, ChangedMeanwhile.
    """
    with acting(organisation, actor, Permission.SETTINGS) as here:
        if (here.organisation.second_factor_since is not None) == demanded:
            return here.organisation
        if demanded and not factors.is_strong(account):
            raise SecondFactorMissing
        _next_revision(here.organisation, seen)
        here.organisation.second_factor_since = now if demanded else None
        here.organisation.save(update_fields=["second_factor_since", "revision"])
        verb = "demanded" if demanded else "relaxed"
        acts.record(f"organisations.second-factor-{verb}", actor=actor, now=now, organisation=organisation)
        return here.organisation


def checked_name(name: str) -> str:
    """The name as it is kept. Raises InvalidName."""
    try:
        return clean_name(name, longest=LONGEST_NAME)
    except InvalidText as refused:
        raise InvalidName(f"organisations.name.{refused.code}") from None


def _next_revision(organisation: Organisation, seen: int) -> None:
    if organisation.revision != seen:
        raise ChangedMeanwhile
    organisation.revision += 1
