"""Links of every kind that no longer count, or never did: a page each, in both languages; nothing is done."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from seqlense.accounts import email_change, links, signing_up
from seqlense.accounts.errors import LinkRefused
from seqlense.accounts.models import Account, MailLink
from seqlense.kit import clock
from seqlense.organisations import answers
from seqlense.organisations.models import Invitation
from seqlense.organisations.tenancy import inside
from tests import cast

pytestmark = pytest.mark.django_db
Purpose = MailLink.Purpose
NEW = "alice.nouvelle@arnaud.example"
SPOILT = {"expired": 410, "used": 410, "replaced": 410, "forged": 404, "cut short": 404, "foreign": 403}
POSTED = {"name": "Alice", "password": cast.PASSWORD, "agree": "1"}


def _made(purpose: MailLink.Purpose, language: str) -> MailLink:
    """A good link of that purpose, as the product makes it."""
    now = clock.now()
    if purpose == Purpose.VERIFY:
        wishes = signing_up.Wishes(language=language, country="FR")
        signing_up.ask("vera@nouvelle.example", wishes, source="192.0.2.7", now=now)
    elif purpose == Purpose.RESET:
        links.send(cast.alice(), purpose, language=language, now=now)
    else:
        alice = cast.alice()
        email_change.ask(alice, NEW, actor=cast.actor(alice), now=now)
    return MailLink.objects.get(purpose=purpose)


def _spoilt(link: MailLink, how: str) -> str:
    now = clock.now()
    rows = MailLink.objects.filter(pk=link.pk)
    if how == "expired":
        rows.update(expires_at=now - timedelta(seconds=1))
    elif how == "used":
        rows.update(used_at=now)
    elif how == "replaced":
        rows.update(replaced_at=now)
    token = links.token(rows.get())
    if how == "forged":
        middle = "A" if token[40] != "A" else "B"
        token = token[:40] + middle + token[41:]
    return token[:-8] if how == "cut short" else token


def _state() -> list[tuple[object, ...]]:
    fields = ("pk", "password", "verified_at", "closed_at")
    return [
        *Account.objects.order_by("pk").values_list(*fields),
        *MailLink.objects.values_list("pk", "used_at"),
    ]


def _refused(browser: Client, address: str, status: int, language: str) -> str:
    shown = browser.get(address)
    before = _state()
    sent = browser.post(address, POSTED)
    assert _state() == before
    for answer in (shown, sent):
        assert answer.status_code == status
        assert f'<html lang="{language}">' in answer.text
        assert answer.text.count("<h1") == 1
    return shown.text


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_spoilt_link_has_its_page(purpose: MailLink.Purpose, language: str) -> None:
    link = _made(purpose, language)
    titles = set()
    with translation.override(language):
        for how, status in SPOILT.items():
            browser = cast.signed_in(cast.charlie()) if how == "foreign" else Client()
            token = _spoilt(link, how)
            titles.add(
                _refused(browser, reverse("site:mail_link", args=[token]), status, language)
                .split("<h1")[1]
                .split("</h1>")[0]
            )
            kept = {"expires_at": link.expires_at, "used_at": None, "replaced_at": None}
            MailLink.objects.filter(pk=link.pk).update(**kept)
        assert len(titles) == 5, "a title for each; forged and cut short are the same"
        good = Client().get(reverse("site:mail_link", args=[links.token(link)]))
    assert good.status_code == 200


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_clock_moved_back_neither_revives_nor_spends_a_link(purpose: MailLink.Purpose) -> None:
    token = links.token(_made(purpose, "fr"))
    now = clock.now()
    assert links.read(token, now=now - timedelta(days=30)).purpose == purpose
    links.use(token, purpose, now=now - timedelta(days=30))
    for moment in (now - timedelta(days=60), now):
        with pytest.raises(LinkRefused, match="used"):
            links.read(token, now=moment)


def _decline(company: cast.Company, made: Invitation, charlie: Account) -> None:
    answers.decline(
        company.organisation.pk, made.pk, account=charlie, actor=cast.actor(charlie), now=clock.now()
    )


def _late(_company: cast.Company, made: Invitation, _charlie: Account) -> None:
    with inside(made.organisation_id):
        type(made).objects.filter(pk=made.pk).update(expires_at=clock.now() - timedelta(seconds=1))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("spoil", "status"), [(_decline, 410), (_late, 410), (None, 403)])
def test_a_spoilt_invitation_has_its_page(
    spoil: Callable[[cast.Company, Invitation, Account], None] | None, status: int, language: str
) -> None:
    company, charlie = cast.company(), cast.charlie()
    made = cast.invited(company.organisation, company.alice, charlie.email, now=clock.now())
    with translation.override(language):
        address = reverse("site:invitation", args=[answers.token(company.organisation.pk, made.pk)])
    if spoil is not None:
        spoil(company, made, charlie)
    browser = cast.signed_in(charlie if spoil is not None else company.bob)
    for answer in (browser.get(address), browser.post(address, {"answer": "accept"})):
        assert answer.status_code == status
        assert f'<html lang="{language}">' in answer.text
        assert charlie.email not in answer.text or spoil is not None
    assert charlie.subject_id not in company.roles()
    assert browser.get(address[:-9] + "AAAAAAAA/").status_code == 404
