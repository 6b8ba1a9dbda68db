"""The policy that a browser is told: ours alone, and the hosts of what this visitor accepted."""

from collections.abc import Iterator

import pytest
from django.test import Client, RequestFactory

from seqlense.kit import clock
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import running
from seqlense.privacy.consent import choices, outside, policy
from seqlense.privacy.consent.choices import Answer, Choice
from tests.privacy.consent.club import club

HEADER = "Content-Security-Policy"


@pytest.fixture(autouse=True)
def _club() -> Iterator[None]:
    with club():
        yield


def cookie(**answers: bool) -> str:
    now = clock.now()
    said = {name: Answer(yes=yes, at=now) for name, yes in answers.items()}
    return choices.signed(Choice(answers=said, made_at=now, receipt=uuid7(now)))


def directives(header: str) -> tuple[dict[str, str], dict[str, str]]:
    """Both policies of one header."""
    first, second = (
        dict(part.strip().partition(" ")[::2] for part in one.split(";")) for one in header.split(", ")
    )
    return first, second


def told(client: Client, path: str = "/fr/contact/") -> tuple[dict[str, str], dict[str, str]]:
    response = client.get(path)
    assert {"Cookie", "Sec-GPC"} <= {one.strip() for one in response.headers["Vary"].split(",")}
    return directives(response.headers[HEADER])


@pytest.mark.django_db(databases=["default", "keys"])
def test_hosts_open_for_whoever_accepted_them_and_nobody_else(client: Client) -> None:
    first, second = told(client)
    assert second["default-src"] == "'none'"
    assert "frame-src" not in second
    client.cookies[choices.NAME] = cookie(youtube=True, x=False)
    first, second = told(client)
    assert second["frame-src"] == "https://video.example"
    assert first["script-src"].startswith("'nonce-")
    assert "'strict-dynamic'" in first["script-src"]
    assert (second["script-src"], second["connect-src"]) == ("'self'", "'self'")
    client.cookies[choices.NAME] = cookie(youtube=False)
    assert "frame-src" not in told(client)[1]


@pytest.mark.django_db(databases=["default", "keys"])
def test_what_another_wrote_opens_nothing(client: Client) -> None:
    real = cookie(x=False)
    for forged in ("!K0youtube=true", real.replace("x-", "youtube-"), cookie(stranger=True), ""):
        client.cookies[choices.NAME] = forged
        client.cookies["tarteaucitron"] = "!k0youtube=true"
        assert "frame-src" not in told(client)[1]


@pytest.mark.django_db(databases=["default", "keys"])
def test_the_signal_of_a_browser_counts_as_a_refusal(client: Client) -> None:
    response = client.get("/fr/contact/", headers={"Sec-GPC": "1"})
    assert "frame-src" not in directives(response.headers[HEADER])[1]
    assert '"signal":true' in response.text


def test_a_policy_never_says_unsafe_and_knows_no_star() -> None:
    every = [one.id for one in outside.services(running.register())]
    assert every == ["x", "youtube"]
    text = policy.policy(running.register(), every)
    assert "unsafe" not in text
    assert "*" not in text
    assert "http:" not in text


def test_a_request_without_its_moment_opens_nothing() -> None:
    request = RequestFactory().get("/")
    request.COOKIES[choices.NAME] = cookie(youtube=True)
    assert policy.accepted(request, running.register()) == frozenset()


def test_an_answer_without_a_policy_stays_without() -> None:
    from django.http import HttpResponse

    answer = policy.outside_hosts(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert HEADER not in answer.headers
