"""The cast. Alice owns an organisation, Bob is in it, Dana administers it, Charlie is a stranger; Paul and
Odile are staff.

Each call makes the person in the test's database; `signed_in` gives a browser in which that person is there.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client

from seqlense.accounts import sessions, signing_up, staff
from seqlense.accounts.backends import BACKEND
from seqlense.accounts.models import Account, CodeGenerator
from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.organisations import answers, founding, invitations
from seqlense.organisations.doors import Offer, standing
from seqlense.organisations.models import Invitation, Membership, Organisation
from seqlense.organisations.roles import Role
from seqlense.organisations.tenancy import inside
from seqlense.privacy.actor import Actor

OPENED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "hackenberg brume tournesol"
CODE_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def person(
    name: str, email: str, *, language: str = "fr", country: str = "FR", password: str | None = PASSWORD
) -> Account:
    """An open, verified account."""
    wishes = signing_up.Wishes(language=language, country=country)
    return signing_up.open_proven(email, wishes, name=name, password=password, now=OPENED)


def alice() -> Account:
    return person("Alice Arnaud", "alice@arnaud.example")


def bob() -> Account:
    return person("Bob Bauer", "bob@arnaud.example", language="en", country="DE")


def charlie() -> Account:
    return person("Charlie Çelik", "charlie@ailleurs.example")


def dana() -> Account:
    return person("Dana Dubois", "dana@arnaud.example")


def paul() -> Account:
    return _staff(person("Paul Petit", "paul@seqlense.example"), staff.Role.PLATFORM_ADMINISTRATOR)


def odile() -> Account:
    return _staff(person("Odile Ortega", "odile@seqlense.example"), staff.Role.DATA_PROTECTION_OFFICER)


def _staff(account: Account, role: staff.Role) -> Account:
    with_codes(account)
    staff.grant(account, role, actor=Actor.system("tests"), now=OPENED)
    return account


def without_codes(account: Account) -> Account:
    """Somebody of the staff from the time before second factors were asked for at the grant."""
    CodeGenerator.objects.filter(account=account).delete()
    return Account.objects.get(pk=account.pk)


def with_codes(account: Account) -> CodeGenerator:
    """The same person, with a second factor."""
    made = CodeGenerator(
        subject_id=account.subject_id, account=account, created_at=OPENED, confirmed_at=OPENED
    )
    made.secret = CODE_SECRET
    made.save(force_insert=True)
    return made


def signed_in(account: Account, *, strong: bool = False, confirmed: bool = True) -> Client:
    """A browser where the person signed in just now; `strong`: with two factors; `confirmed`: identity just
    proven.
    """
    client = Client()
    request = HttpRequest()
    request.session = sessions.SessionStore()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    login(request, account, backend=BACKEND)
    request.session[sessions.STRONG] = strong
    request.session[sessions.STAFF] = account.is_staff_member()
    request.session[sessions.DEVICE] = "Firefox, Linux"
    if confirmed:
        request.session[sessions.CONFIRMED] = int(clock.now().timestamp())
    request.session.save()
    client.cookies["session"] = request.session.session_key or ""
    return client


@dataclass(frozen=True)
class Company:
    """Alice's organisation: she owns it, Dana administers it, Bob is a member."""

    organisation: Organisation
    alice: Account
    dana: Account
    bob: Account

    def member(self, account: Account) -> Membership:
        """Somebody's membership, fresh from the database."""
        with inside(self.organisation.pk):
            return Membership.objects.get(organisation=self.organisation, subject_id=account.subject_id)

    def roles(self) -> dict[str, str]:
        """Who is what: name → role."""
        with inside(self.organisation.pk):
            rows = Membership.objects.filter(organisation=self.organisation)
            found = dict(rows.values_list("subject_id", "role"))
        return {one.name: found[one.subject_id] for one in Account.objects.filter(subject_id__in=found)}


def actor(account: Account) -> Actor:
    """The person, acting for themselves."""
    return Actor.person(account.subject_id)


def founded(owner: Account, name: str = "Arnaud & Cie", *, now: datetime = OPENED) -> Organisation:
    """An organisation of that owner's, without anybody else."""
    return founding.found(name=name, account=owner, actor=actor(owner), now=now, identifier=uuid7())


def invited(
    organisation: Organisation, by: Account, address: str, role: Role = Role.MEMBER, *, now: datetime = OPENED
) -> Invitation:
    """An invitation that waits."""
    [made] = invitations.invite(
        organisation.pk, addresses=[address], role=role, language="fr", actor=actor(by), now=now
    )
    return made


def joined(
    organisation: Organisation, by: Account, newcomer: Account, role: Role = Role.MEMBER
) -> Membership:
    """Somebody invited who accepted."""
    invitation = invited(organisation, by, newcomer.email, role)
    return answers.accept(organisation.pk, invitation.pk, account=newcomer, actor=actor(newcomer), now=OPENED)


def offers(account: Account, *, now: datetime) -> list[Offer]:
    """Invitations that wait for that person's answer."""
    return standing(account.subject_id, now=now)[1]


def company() -> Company:
    """Alice's organisation with its people."""
    made = Company(organisation=founded(owner := alice()), alice=owner, dana=dana(), bob=bob())
    joined(made.organisation, made.alice, made.dana, Role.ADMINISTRATOR)
    joined(made.organisation, made.alice, made.bob)
    return made
