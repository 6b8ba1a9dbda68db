"""Proofs on the pages: after a request, after an erasure, for outsiders; and for nobody else."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from seqlense.accounts.models import Account
from seqlense.kit import clock
from seqlense.privacy import log
from seqlense.privacy.proofs import verifying
from seqlense.privacy.proofs.verifying import Brought
from seqlense.privacy.records import RightsRequest
from seqlense.site.proofs import farewell
from tests import cast
from tests.proofs.test_verifying import script

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def log_folder(settings: Any, tmp_path: Path) -> Path:
    settings.SEQLENSE_LOG = tmp_path / "log"
    settings.SEQLENSE_LOG_KEY = tmp_path / "key" / "log.key"
    settings.SEQLENSE_LOG_ORIGIN = "log.example/log"
    return tmp_path / "log"


@pytest.fixture
def charlie(log_folder: Path) -> Account:
    return cast.charlie()


def page(name: str, *named: object) -> str:
    return reverse(f"site:{name}", args=named)


def seal() -> None:
    log.seal(now=clock.now())


def test_after_a_request_a_person_takes_its_proof_and_nobody_else_does(
    charlie: Account, tmp_path: Path, client: Client
) -> None:
    browser = cast.signed_in(charlie)
    browser.post(page("my_data_download"))
    request = RightsRequest.objects.get(subject_id=charlie.subject_id)
    shown, file = page("request_proof", request.pk), page("request_proof_file", request.pk)
    assert shown in browser.get(page("my_requests")).text
    assert "en cours d’inscription" in browser.get(shown).text
    assert browser.get(file).status_code == 503
    seal()
    told = browser.get(shown).text
    assert file in told
    assert "Une copie de toutes les données" in told
    assert "An independent authority" not in browser.get(shown.replace("/fr/", "/en/")).text
    answer = browser.get(file)
    assert answer.headers["Content-Disposition"].endswith('.seqlense-proof.json"')
    assert len(verifying.file(answer.content, Brought()).acts) == 3
    mine = tmp_path / "mine.json"
    mine.write_bytes(answer.content)
    assert script(mine)[0] == 0
    other = cast.signed_in(cast.person("Zoé", "zoe@zoe.example"))
    for address in (shown, file):
        assert other.get(address).status_code == 404
        assert client.get(address).status_code == 302


def closed(account: Account) -> Client:
    """The browser of somebody who has just closed their account."""
    browser = cast.signed_in(account)
    assert browser.post(page("close_account"), {"close": "1"}).status_code == 302
    return browser


def test_whoever_closes_their_account_takes_the_proof_once(
    charlie: Account, tmp_path: Path, log_folder: Path
) -> None:
    browser = closed(charlie)
    goodbye = browser.get(page("account_closed"))
    assert page("farewell_proof") in goodbye.text
    assert "no-store" in goodbye.headers["Cache-Control"]
    assert browser.post(page("farewell_proof")).status_code == 503, "not sealed yet: the cookie stays"
    seal()
    answer = browser.post(page("farewell_proof"))
    assert answer.status_code == 200
    [act] = [one.act for one in verifying.file(answer.content, Brought(log=log_folder)).acts]
    assert act["kind"] == "privacy.erased"
    assert act["detail"]["items"]
    assert charlie.email not in answer.content.decode()
    assert charlie.name not in answer.content.decode()
    assert browser.post(page("farewell_proof")).status_code == 410
    assert page("farewell_proof") not in browser.get(page("account_closed")).text


def test_the_farewell_is_over_after_a_quarter_of_an_hour_and_for_others(
    charlie: Account, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = closed(charlie)
    seal()
    sealed = browser.cookies[farewell.COOKIE]
    assert sealed["httponly"]
    assert sealed["max-age"] == 900
    assert client.post(page("farewell_proof")).status_code == 410
    client.cookies[farewell.COOKIE] = sealed.value[:-2] + "xx"
    assert client.post(page("farewell_proof")).status_code == 410
    monkeypatch.setattr(farewell, "SECONDS", -1)
    assert browser.post(page("farewell_proof")).status_code == 410


def test_what_opens_the_erasure_stays_on_no_session(charlie: Account) -> None:
    from seqlense.accounts.models import Session

    closed(charlie)
    assert not Session.objects.exists()


def test_the_page_for_outsiders_and_the_script_are_open_to_all(client: Client) -> None:
    for language, said in (("fr", "Ce qu’il ne peut pas prouver"), ("en", "What it can't prove")):
        assert said in client.get(f"/{language}/proofs/").text
    content = client.get(page("proof_script")).text
    assert re.search(r"^def main", content, re.MULTILINE)
    assert "import seqlense" not in content


def test_pages_survive_a_log_that_is_away(charlie: Account, log_folder: Path) -> None:
    browser = cast.signed_in(charlie)
    browser.post(page("my_data_download"))
    seal()
    request = RightsRequest.objects.get(subject_id=charlie.subject_id)
    for file in sorted(log_folder.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    log.place.files().forget()
    shown = browser.get(page("request_proof", request.pk))
    assert shown.status_code == 200
    assert "ne peut pas être lu" in shown.text
    assert browser.get(page("request_proof_file", request.pk)).status_code == 503
    assert json.dumps(str(charlie.subject_id)) not in shown.text
    assert clock.now() - request.received_at < timedelta(minutes=5)


def test_what_outsiders_said_is_published_and_the_journal_is_not(client: Client, log_folder: Path) -> None:
    names = ["timestamps/2026-11-23.tsr", "timestamps/authority.pem", "cosignatures/0011aaff"]
    hidden = ["journal.jsonl", "timestamps/2026-11-23.tsr.draft", "timestamps/../journal.jsonl"]
    for name in (*names, *hidden[:2]):
        (log_folder / name).parent.mkdir(parents=True, exist_ok=True)
        (log_folder / name).write_bytes(b"said")
    assert [client.get(f"/log/{name}").status_code for name in names] == [200, 200, 200]
    assert [client.get(f"/log/{name}").status_code for name in hidden] == [404, 404, 404]
