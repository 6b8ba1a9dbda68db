"""Links sent by mail: single use, for one purpose, until a date, and computed, never stored."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.conf import LazySettings

from seqlense.accounts import links
from seqlense.accounts.errors import LinkRefused
from seqlense.accounts.models import Account, MailLink
from tests import cast

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def reset_link(account: Account) -> tuple[MailLink, str]:
    link = links.send(account, links.Purpose.RESET, language="fr", now=NOW)
    return link, links.token(link)


def test_a_link_is_good_once_until_its_date_for_its_purpose_and_its_person() -> None:
    alice, charlie = cast.alice(), cast.charlie()
    link, token = reset_link(alice)
    assert links.read(token, now=NOW).pk == link.pk
    assert links.read(token, now=NOW, holder=alice).pk == link.pk
    with pytest.raises(LinkRefused, match="foreign"):
        links.read(token, now=NOW, holder=charlie)
    with pytest.raises(LinkRefused, match="forged"):
        links.use(token, links.Purpose.VERIFY, now=NOW)
    with pytest.raises(LinkRefused, match="expired"):
        links.read(token, now=NOW + timedelta(hours=1))
    links.use(token, links.Purpose.RESET, now=NOW)
    with pytest.raises(LinkRefused, match="used"):
        links.use(token, links.Purpose.RESET, now=NOW)


def test_forged_links_are_refused_whatever_was_changed() -> None:
    alice = cast.alice()
    link, token = reset_link(alice)
    other, other_token = reset_link(alice)
    raw = base64.urlsafe_b64decode(token)
    swapped = base64.urlsafe_b64encode(other.pk.bytes + raw[16:]).decode()
    flipped = base64.urlsafe_b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode()
    for forged in (swapped, flipped, token[:-4], token + "AAAA", "", "é" * 64, "a" * 64, "a" * 9000, "\x00"):
        with pytest.raises(LinkRefused, match="forged"):
            links.read(forged, now=NOW)
    for column, value in {"purpose": links.Purpose.VERIFY, "expires_at": NOW + timedelta(days=99)}.items():
        MailLink.objects.filter(pk=link.pk).update(**{column: value})
        with pytest.raises(LinkRefused, match="forged"):
            links.read(token, now=NOW)
    assert links.read(other_token, now=NOW).pk == other.pk


def test_a_secret_being_phased_out_still_opens_links(settings: LazySettings) -> None:
    _, token = reset_link(cast.alice())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of more than fifty characters, as it should be"
    assert links.read(token, now=NOW).purpose == links.Purpose.RESET
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(LinkRefused, match="forged"):
        links.read(token, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_no_token_is_in_the_database(as_owner: psycopg.Connection[tuple[Any, ...]]) -> None:
    _, token = reset_link(cast.alice())
    proof = base64.urlsafe_b64decode(token)[16:]
    tables = as_owner.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    for (table,) in tables:
        for (row,) in as_owner.execute(f'select t::text from "{table}" t').fetchall():
            assert token not in row
            assert proof.hex() not in row
