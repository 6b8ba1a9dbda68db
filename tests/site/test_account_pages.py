"""The pages of one's own account, as a browser asks for them."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from seqlense.accounts import codes, links
from seqlense.accounts.models import Account, CodeGenerator, MailLink, SecurityEvent, Session, account_at
from seqlense.kit import clock
from tests import cast

pytestmark = pytest.mark.django_db
PUBLIC = ["sign_up", "sign_up_sent", "sign_in", "signed_out", "forgotten", "forgotten_sent", "account_closed"]
OWN = ["settings", "security", "password", "codes_on", "passkey_add", "email", "close_account", "second_factor"]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_open_for_everybody(name: str, language: str) -> None:
    response = Client().get(reverse(f"site:{name}").replace("/fr/", f"/{language}/"))
    assert response.status_code == 200
    assert "<h1>" in response.text
    assert "no-store" in response.headers.get("Cache-Control", "no-store")


@pytest.mark.parametrize("name", OWN)
def test_own_pages_open_for_their_owner_alone(name: str) -> None:
    alice = cast.alice()
    assert cast.signed_in(alice).get(reverse(f"site:{name}")).status_code == 200
    refused = Client().get(reverse(f"site:{name}"))
    assert refused.status_code == 302
    assert refused.headers["Location"].startswith(reverse("site:sign_in"))
