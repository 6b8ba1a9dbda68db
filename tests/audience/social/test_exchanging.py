"""What a network says is believed only if signed by it, for us, for now; nobody waits for it for long."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from seqlense.audience.social import asking, exchanging
from seqlense.audience.social.errors import Away, CodeRefused, SocialError, Unintelligible, Untrusted
from seqlense.audience.social.exchanging import Identity, Question
from seqlense.audience.social.networks import KNOWN
from seqlense.kit import clock
from seqlense.project import demo
from seqlense.register import load
from tests.audience.social.provider import CLIENT, SECRET, SHARED, THIEF, Provider, parts
from tests.register.samples import SHIPPED_FOLDERS

DEMO = Path(demo.__file__).parent / "company"
BACK = "http://testserver/networks/answer/"
type Wrong = Callable[[Provider], None]


def exchanged(there: Provider, network: str = "youtube", question: Question | None = None) -> Identity:
    """Ask, say yes over there, and exchange the code that comes back."""
    asked = Question()
    at = there.network(network)
    answer = parts(there.visit(exchanging.address(at, asked, back=BACK)))
    assert answer["state"] == asked.state
    return exchanging.identity(at, answer["code"], question or asked, back=BACK, now=clock.now())


UNTRUSTED: dict[str, dict[str, object]] = {
    "another issuer": {"iss": "https://thief.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "somebody-else"},
    "an audience of several, for another": {"aud": [CLIENT, "else"], "azp": "else"},
    "an audience of several, for nobody": {"aud": [CLIENT, "else"]},
    "another nonce": {"nonce": "recorded-before"},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "over": {"exp": 1_000_000_000},
    "no end": {"exp": None},
    "made in the future": {"iat": 9_999_999_999},
    "odd dates": {"exp": "soon"},
}


@pytest.mark.parametrize("claims", UNTRUSTED.values(), ids=UNTRUSTED)
def test_a_token_that_says_the_wrong_thing_is_not_believed(
    claims: dict[str, object], there: Provider
) -> None:
    there.claims = claims
    with pytest.raises(Untrusted):
        exchanged(there)
    assert there.living == set(), "revoked all the same"
    there.claims = {}
    assert exchanged(there) == Identity("4242", "Alice A.")


def _stolen_key(there: Provider) -> None:
    there.key = THIEF


def _shared_key(there: Provider) -> None:
    there.key, there.algorithm = SHARED, "HS256"


def _no_signature(there: Provider) -> None:
    there.algorithm = "none"


def _no_token(there: Provider) -> None:
    there.fault = "token empty"


def _no_keys(there: Provider) -> None:
    there.fault = "keys empty"


def _long_token(there: Provider) -> None:
    there.claims = {"more": "x" * 20_000}


@pytest.mark.parametrize("wrong", [_stolen_key, _shared_key, _no_signature, _no_token, _no_keys, _long_token])
def test_a_token_that_the_network_did_not_sign_is_not_believed(wrong: Wrong, there: Provider) -> None:
    wrong(there)
    with pytest.raises(Untrusted):
        exchanged(there)


def test_linkedin_sends_no_nonce_and_is_believed_by_the_rest(there: Provider) -> None:
    assert exchanged(there, "linkedin") == Identity("4242", "Alice A.")
    there.claims = {"aud": "somebody-else"}
    with pytest.raises(Untrusted):
        exchanged(there, "linkedin")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("token slow", Away),
        ("token drip", Away),
        ("token error", Away),
        ("token hangs up", Away),
        ("token junk", Unintelligible),
        ("token list", Unintelligible),
        ("token deep", Unintelligible),
        ("token huge", Unintelligible),
        ("token packed", Unintelligible),
        ("token elsewhere", Unintelligible),
        ("token refuses us", Unintelligible),
        ("profile slow", Away),
        ("profile error", Away),
        ("profile junk", Unintelligible),
        ("profile empty", Unintelligible),
        ("profile refuses us", Untrusted),
    ],
)
def test_a_network_at_fault(
    fault: str,
    expected: type[SocialError],
    there: Provider,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there.fault = fault
    if fault.endswith(("slow", "drip")):  # nobody waits for seconds here
        monkeypatch.setattr(asking, "SECONDS", 0.6)
        monkeypatch.setattr(asking, "IN_ALL", 0.9)
    with pytest.raises(expected) as refused:
        exchanged(there, "x")
    assert there.living == set() or fault == "token slow"
    for secret in ("4242", CLIENT, SECRET, "code"):
        assert secret not in caplog.text + str(refused.value)


def test_nobody_there(there: Provider) -> None:
    at = there.network("x")
    there_no_more = at.token.replace(str(there.port), "1")
    with pytest.raises(Away):
        exchanging.identity(replace(at, token=there_no_more), "code", Question(), back=BACK, now=clock.now())


def test_a_code_is_for_the_address_and_the_browser_that_asked_for_it(there: Provider) -> None:
    with pytest.raises(CodeRefused):
        exchanged(there, "x", Question())
    for code in ("", "x" * 5000, "made up"):
        with pytest.raises(CodeRefused):
            exchanging.identity(there.network("x"), code, Question(), back=BACK, now=clock.now())


@pytest.mark.parametrize("account", ["", "4" * 300, "42\n42", 42, None])
def test_an_odd_id_is_refused(account: object, there: Provider) -> None:
    there.who = (account, "Alice")  # type: ignore[assignment]
    with pytest.raises(SocialError):
        exchanged(there)


def test_an_odd_name_is_tamed(there: Provider) -> None:
    there.who = ("42", "A\u202elice\n\n" + "e" * 5000)
    name = exchanged(there).name
    assert name.startswith("A lice eee")
    assert len(name) == 100
    assert name.isprintable()
    there.claims = {"name": {"first": "Alice"}}
    with pytest.raises(Unintelligible):
        exchanged(there)
    there.claims = {"name": None}
    assert exchanged(there) == Identity("42", "")


@pytest.mark.parametrize("folders", [SHIPPED_FOLDERS, (*SHIPPED_FOLDERS, DEMO)], ids=["shipped", "demo"])
def test_every_host_that_is_asked_is_one_of_that_networks_recipient(folders: tuple[Path, ...]) -> None:
    declared = load(folders).recipients
    assert {one.id: set(one.hosts) - set(declared[one.id].hosts) for one in KNOWN.values()} == {
        one: set() for one in KNOWN
    }
