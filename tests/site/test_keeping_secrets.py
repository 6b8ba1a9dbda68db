"""What pages leave behind in browsers and on disk, and what they make of nonsense."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import cast

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

PUBLIC = "site:front"


def test_pages_of_a_signed_in_person_stay_in_no_cache(postbox: object) -> None:
    company = cast.company()
    alice = cast.signed_in(company.alice)
    shown = [
        reverse("site:organisations"),
        reverse("site:organisation", args=[company.organisation.pk]),
        reverse("site:organisation_invitations", args=[company.organisation.pk]),
        reverse(PUBLIC),
    ]
    for address in shown:
        kept = alice.get(address).headers.get("Cache-Control", "")
        assert {"no-store", "private"} <= set(kept.split(", ")), address
    assert "no-store" not in Client().get(reverse(PUBLIC)).headers.get("Cache-Control", "")


def test_files_nobody_asked_for_are_never_written(tmp_path: Path, settings: object) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)  # type: ignore[attr-defined]  # pytest-django's
    large = SimpleUploadedFile("large.bin", b"x" * 3_000_000)
    answer = Client().post(reverse("site:sign_up"), {"email": "", "country": "FR", "picture": large})
    assert answer.status_code == 422
    assert not answer.wsgi_request.FILES
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "answer",
    [
        "[" * 20_000,
        "\0",
        json.dumps({"id": "\ud800", "rawId": "\ud800", "type": "public-key", "response": {}}),
        json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA"}}),
        json.dumps(
            {
                "id": "AA",
                "rawId": "AA",
                "type": "public-key",
                "response": {"clientDataJSON": "W10", "authenticatorData": "AA", "signature": "AA"},
            }
        ),
        json.dumps(
            {
                "id": "AA",
                "rawId": "AA",
                "type": "public-key",
                "response": {
                    "clientDataJSON": "eyJ0eXBlIjoxLCJjaGFsbGVuZ2UiOjEsIm9yaWdpbiI6MX0",
                    "authenticatorData": "AA",
                    "signature": "AA",
                },
            }
        ),
    ],
)
def test_nonsense_for_a_passkey_is_refused_in_words(answer: str) -> None:
    shown = Client().post(reverse("site:sign_in_passkey"), {"passkey": answer})
    assert shown.status_code == 422
