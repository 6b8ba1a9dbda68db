"""Signing in: refusals that tell nothing, second factors, and counting that shuts nobody out."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlense.accounts import codes, devices, factors, signing_in, staff, throttling
from seqlense.accounts.errors import CodeRefused, LastFactor, SignInRefused, TooManyAttempts
from seqlense.accounts.factors import second_factor_demanded
from seqlense.accounts.models import Account, CodeGenerator, RecoveryCode, SecurityEvent, Throttle
from seqlense.accounts.signing_in import Place, SignedIn
from seqlense.mailing.models import Message
from seqlense.privacy.actor import Actor
from seqlense.privacy.records import Act
from tests import cast

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HERE = Place(source="192.0.2.1", cookie=None)

pytestmark = pytest.mark.django_db


def place(number: int) -> Place:
    return Place(source=f"198.51.100.{number}", cookie=None)


def me(account: Account) -> Actor:
    return Actor.person(account.subject_id)


def codes_on(account: Account) -> tuple[pyotp.TOTP, list[str]]:
    totp = pyotp.TOTP(codes.begin(account, now=NOW).secret)
    return totp, codes.confirm(account, totp.at(NOW), actor=me(account), now=NOW)


def test_the_right_password_opens_and_every_refusal_is_the_same() -> None:
    alice = cast.alice()
    cast.person("No password", "passkey@mail.example", password=None)
    found = signing_in.with_password("ALICE@Arnaud.example ", cast.PASSWORD, HERE, now=NOW)
    assert isinstance(found, SignedIn)
    assert found.account == alice
    assert not found.strong
    for address in (alice.email, "nobody@mail.example", "passkey@mail.example", "no address at all", "\x00"):
        with pytest.raises(SignInRefused) as refused:
            signing_in.with_password(address, "quite wrong, as a password", HERE, now=NOW)
        assert str(refused.value) == "accounts.sign-in.refused"
    kinds = SecurityEvent.objects.filter(account=alice).order_by("at", "id").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["signed_in", "sign_in_failed"]


def test_who_left_or_never_verified_is_nobody() -> None:
    alice = cast.alice()
    for column in ("closed_at", "removed_at", "organisation_deleted_at"):
        Account.objects.filter(pk=alice.pk).update(**{column: NOW})
        with pytest.raises(SignInRefused):
            signing_in.with_password(alice.email, cast.PASSWORD, HERE, now=NOW)
        Account.objects.filter(pk=alice.pk).update(**{column: None})
    Account.objects.filter(pk=alice.pk).update(verified_at=None)
    with pytest.raises(SignInRefused):
        signing_in.with_password(alice.email, cast.PASSWORD, HERE, now=NOW)


def test_guessing_stops_for_known_and_unknown_addresses_alike() -> None:
    cast.alice()
    for number, address in enumerate(["alice@arnaud.example", "nobody@mail.example"]):
        for _ in range(10):
            with pytest.raises(SignInRefused):
                signing_in.with_password(address, "wrong wrong wrong wrong", place(number), now=NOW)
        with pytest.raises(TooManyAttempts) as refused:
            signing_in.with_password(address, cast.PASSWORD, place(number), now=NOW)
        assert not refused.value.paused
        assert refused.value.again_in == timedelta(minutes=1)


def test_strangers_pause_an_address_and_never_shut_out_its_holder() -> None:
    alice = cast.alice()
    for number in range(80):
        with pytest.raises(SignInRefused):
            signing_in.with_password(alice.email, "wrong wrong wrong wrong", place(number), now=NOW)
    with pytest.raises(TooManyAttempts) as refused:
        signing_in.with_password(alice.email, cast.PASSWORD, place(200), now=NOW)
    assert refused.value.paused
    known = Place(source="198.51.100.3", cookie=devices.remember(alice.email, now=NOW))
    assert isinstance(signing_in.with_password(alice.email, cast.PASSWORD, known, now=NOW), SignedIn)
    later = NOW + timedelta(minutes=16)
    assert isinstance(signing_in.with_password(alice.email, cast.PASSWORD, place(201), now=later), SignedIn)


def test_a_device_cookie_is_good_for_its_address_and_its_time_alone() -> None:
    cookie = devices.remember("alice@arnaud.example", now=NOW)
    assert devices.known(cookie, "alice@arnaud.example", now=NOW)
    assert not devices.known(cookie, "bob@arnaud.example", now=NOW)
    assert not devices.known(cookie, "alice@arnaud.example", now=NOW + timedelta(days=181))
    until, _, mac = cookie.partition(".")
    for forged in (
        None,
        "",
        ".",
        f"{int(until) + 1}.{mac}",
        f"٣{until}.{mac}",
        "9" * 40 + "." + mac,
        f"{until}.é",
    ):
        assert not devices.known(forged, "alice@arnaud.example", now=NOW)


def test_counters_hold_neither_address_nor_place() -> None:
    with pytest.raises(SignInRefused):
        signing_in.with_password("nobody@mail.example", "wrong wrong wrong", HERE, now=NOW)
    for counter in Throttle.objects.all():
        assert len(bytes(counter.digest)) == 32
        assert b"nobody" not in bytes(counter.digest)
    assert (
        throttling.source("2001:db8:1:2:3:4:5:6")
        == throttling.source("2001:db8:1:2::9")
        == "2001:db8:1:2::/64"
    )
    assert throttling.source("not an address") == "unknown"


@settings(deadline=None, max_examples=30)
@given(gaps=st.lists(st.integers(0, 200), min_size=1, max_size=40))
def test_a_counter_never_takes_more_than_its_limit(gaps: list[int]) -> None:
    limit = throttling.Limit(name="tested", burst=4, every=timedelta(seconds=50))
    key, now, taken = str(gaps) + str(Throttle.objects.count()), NOW, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        if throttling.take(limit, key, now=now) is None:
            taken.append(now)
    for first in taken:
        window = [one for one in taken if first <= one < first + timedelta(seconds=200)]
        assert len(window) <= 4 + 4
    Throttle.objects.all().delete()


def test_a_code_follows_the_password_and_is_taken_once() -> None:
    alice = cast.alice()
    totp, _ = codes_on(alice)
    assert signing_in.with_password(alice.email, cast.PASSWORD, HERE, now=NOW) == alice
    with pytest.raises(CodeRefused, match="used"):
        signing_in.with_code(alice, totp.at(NOW), now=NOW)
    later = NOW + timedelta(seconds=60)
    assert signing_in.with_code(alice, f" {totp.at(later)[:3]} {totp.at(later)[3:]}", now=later).strong
    with pytest.raises(CodeRefused, match="used"):
        signing_in.with_code(alice, totp.at(later), now=later + timedelta(seconds=20))
    with pytest.raises(CodeRefused):
        signing_in.with_code(alice, totp.at(later + timedelta(seconds=90)), now=later)
    for wrong in ("000000", "", "abcdef", "١٢٣٤٥٦", "x" * 500, "\x00"):
        with pytest.raises((CodeRefused, TooManyAttempts)):
            signing_in.with_code(alice, wrong, now=later)


def test_a_wrong_code_after_the_right_password_is_told_by_mail_once_an_hour() -> None:
    alice = cast.alice()
    codes_on(alice)
    Message.objects.all().delete()
    for minutes in (0, 2, 59, 61, 63):
        with pytest.raises(CodeRefused):
            signing_in.with_code(alice, "000000", now=NOW + timedelta(minutes=minutes))
    told = Message.objects.filter(subject_id=alice.subject_id, template="accounts.security")
    about = SecurityEvent.objects.filter(pk__in=told.values_list("about", flat=True))
    assert [one.at for one in about.order_by("at")] == [NOW, NOW + timedelta(minutes=61)]
    assert {one.kind for one in about} == {"code_failed"}
    assert not Act.objects.filter(kind="accounts.code_failed").exists(), "attempts are forgotten in time"


def test_a_recovery_code_works_once_and_only_its_hash_is_kept() -> None:
    alice = cast.alice()
    _, recovery = codes_on(alice)
    assert len(recovery) == len(set(recovery)) == 10
    kept = b"".join(bytes(one.digest) for one in RecoveryCode.objects.all())
    assert recovery[0].replace("-", "").encode() not in kept
    found = signing_in.with_code(alice, recovery[0].lower().replace("-", " "), now=NOW)
    assert found.event == "signed_in_recovery"
    with pytest.raises(CodeRefused):
        signing_in.with_code(alice, recovery[0], now=NOW)
    assert codes.recovery_left(alice) == 9
    fresh = codes.renew_recovery(alice, actor=me(alice), now=NOW)
    with pytest.raises(CodeRefused):
        signing_in.with_code(alice, recovery[1], now=NOW)
    assert signing_in.with_code(alice, fresh[0], now=NOW).strong


def test_codes_can_be_begun_twice_and_need_a_right_code_to_turn_on() -> None:
    alice = cast.alice()
    first = codes.begin(alice, now=NOW)
    assert codes.begin(alice, now=NOW).secret == first.secret
    left_open = codes.begin(alice, now=NOW + codes.SETTING_UP).secret
    assert left_open != first.secret, "who looked at it days ago knows nothing"
    first = codes.begin(alice, now=NOW + codes.SETTING_UP)
    with pytest.raises(CodeRefused):
        codes.confirm(alice, "000000", actor=me(alice), now=NOW)
    assert not factors.has_codes(Account.objects.get(pk=alice.pk))
    assert isinstance(signing_in.with_password(alice.email, cast.PASSWORD, HERE, now=NOW), SignedIn)
    assert alice.email.split("@")[0] in codes.address_of(first, alice)
    assert CodeGenerator.objects.get().confirmed_at is None


def test_staff_and_organisations_can_demand_a_second_factor() -> None:
    alice, paul = cast.alice(), cast.paul()
    assert factors.demands(alice) == ()
    assert factors.demands(paul) == ("staff",)
    with pytest.raises(LastFactor):
        codes.stop(paul, actor=me(paul), now=NOW)
    staff.withdraw(paul, staff.Role.PLATFORM_ADMINISTRATOR, actor=Actor.system("tests"), now=NOW)
    paul = Account.objects.get(pk=paul.pk)
    codes.stop(paul, actor=me(paul), now=NOW)

    def every_club_asks(sender: object, account: Account, **_: object) -> str:
        return "club"

    second_factor_demanded.connect(every_club_asks)
    try:
        assert "club" in factors.demands(alice)
    finally:
        second_factor_demanded.disconnect(every_club_asks)
