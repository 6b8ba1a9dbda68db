"""Opening an account: the mailbox first, and nobody learns whether an address is known."""

from datetime import UTC, datetime

import pytest

from seqlense.accounts import links, signing_up
from seqlense.accounts.errors import LinkRefused
from seqlense.accounts.models import Account, MailLink, account_at
from seqlense.accounts.signing_up import Wishes
from tests import cast

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
WISHES = Wishes(language="fr", country="FR")

pytestmark = pytest.mark.django_db


def ask(address: str, now: datetime = NOW) -> None:
    signing_up.ask(address, WISHES, source="192.0.2.1", now=now)


def test_whoever_holds_the_mailbox_opens_the_account() -> None:
    ask("Éva.Martin+Pro@EXÄMPLE.example")
    account = account_at("éva.martin+pro@exämple.example")
    assert account is not None
    assert not account.is_active
    assert account.unverified_since == NOW
    assert not account.has_usable_password()

    token = links.token(MailLink.objects.get())
    opened = signing_up.verify(token, name="Éva Martin 🌻", password=cast.PASSWORD, now=NOW)
    assert opened.is_active
    assert opened.name == "Éva Martin 🌻"
    assert Account.objects.get().unverified_since is None
    with pytest.raises(LinkRefused, match="used"):
        signing_up.verify(token, name="", password=cast.PASSWORD, now=NOW)
