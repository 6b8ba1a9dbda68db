"""`seqlense subject` and `seqlense staff`: one person's rights and roles, without a name in the terminal."""

import io
import stat
import zipfile
from pathlib import Path
from uuid import UUID

import pytest

from seqlense.accounts.models import Account, StaffRole
from seqlense.mailing.models import Message
from seqlense.privacy import switches
from seqlense.privacy.models import Act, RightsRequest, StaffAct, Subject
from tests import cast
from tests.cli.conftest import Command

pytestmark = pytest.mark.django_db
EMAIL = "alice@arnaud.example"
SECRETS = (EMAIL, "Alice", "Arnaud")


def _quiet(text: str) -> bool:
    return not any(secret.lower() in text.lower() for secret in SECRETS)


def test_access_says_how_much_is_held_and_no_value(command: Command) -> None:
    alice = cast.alice()
    by_id = command("subject", "access", str(alice.subject_id))
    by_email = command("subject", "access", "--email", "--json", piped=f"  {EMAIL.upper()}\n")
    assert (by_id.code, by_email.code) == (0, 0)
    assert "accounts.email" in by_id.out
    assert UUID(by_email.document["subject"]) == alice.subject_id
    assert _quiet(by_id.out + by_id.err + by_email.out + by_email.err)


def test_the_download_asks_why_and_is_for_one_reader(command: Command, tmp_path: Path) -> None:
    alice = cast.alice()
    target = tmp_path / "access.zip"
    ask = ["subject", "access", str(alice.subject_id), "-o", str(target)]
    assert command(*ask).code == 2
    assert not target.exists()

    said = command(*ask, "--reason", "Her letter of 3 March")
    assert said.code == 0, said.err
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with zipfile.ZipFile(io.BytesIO(target.read_bytes())) as archive:
        assert EMAIL in archive.read("activities/accounts.json").decode()
    assert StaffAct.objects.get(subject_id=alice.subject_id).reason == "Her letter of 3 March"

    before = target.read_bytes()
    again = command(*ask, "--reason", "Once more")
    assert again.code == 3
    assert str(target) in again.err
    assert target.read_bytes() == before
    assert StaffAct.objects.count() == 1


def test_what_is_limited_is_in_the_file_for_a_ground_only(command: Command, tmp_path: Path) -> None:
    alice = cast.alice()
    subject, kind, wrong = alice.subject_id, switches.Kind.RESTRICTION, switches.Ground.ACCURACY
    switches.set(kind, subject, "accounts", ground=wrong, actor=cast.actor(alice), now=cast.OPENED)
    told = {}
    for ground in ("", "claims"):
        target = tmp_path / f"access{ground}.zip"
        ask = ["subject", "access", str(subject), "-o", str(target), "--reason", "Her letter of 3 March"]
        assert command(*ask, *(["--ground", ground] if ground else [])).code == 0
        with zipfile.ZipFile(io.BytesIO(target.read_bytes())) as archive:
            told[ground] = archive.read("activities/accounts.json").decode()
    assert EMAIL not in told[""]
    assert EMAIL in told["claims"]
    assert Act.objects.get(kind="privacy.limited_read").detail == {"ground": "claims"}


def test_erasure_is_shown_before_it_is_done(command: Command) -> None:
    alice = cast.alice()
    ask = ["subject", "erase", str(alice.subject_id)]
    preview = command(*ask, "--preview", "--json")
    assert preview.code == 0
    assert not preview.document["done"]
    assert "accounts.email" in {
        one["item"] for one in preview.document["items"] if one["outcome"] == "erased"
    }

    declined = command(*ask, piped="n\n")
    assert declined.code == 130
    assert "accounts.email" in declined.out
    assert command(*ask, "--json").code == 2  # nobody is there to be asked
    assert Account.objects.filter(pk=alice.pk).exists()

    done = command(*ask, "--yes", "--json")
    assert done.code == 0, done.out
    assert done.document["done"]
    assert not Account.objects.filter(pk=alice.pk).exists()
    assert RightsRequest.objects.get(subject_id=alice.subject_id).channel == "command"
    assert command("subject", "access", "--email", piped=EMAIL).code == 1
    assert _quiet(preview.out + declined.out + declined.err + done.out)


@pytest.mark.parametrize(
    ("arguments", "piped", "code"),
    [
        ([], "", 2),
        (["--email"], "", 2),
        (["--email"], "nobody at all\n", 2),
        (["--email"], "unknown@arnaud.example\n", 1),
        (["01a205dd-3b07-73bf-bc25-0ddc610168b1"], "", 1),
        (["01a205dd-3b07-73bf-bc25-0ddc610168b1", "--email"], "x@example.org\n", 2),
        ([EMAIL], "", 2),
    ],
)
def test_an_unclear_or_unknown_person_is_refused(
    command: Command, arguments: list[str], piped: str, code: int
) -> None:
    said = command("subject", "access", *arguments, piped=piped)
    assert (said.code, said.out) == (code, "")
    assert said.err.strip()
    assert "unknown@" not in said.err
    assert "nobody at all" not in said.err


def test_the_first_administrator_is_made_and_unmade(command: Command) -> None:
    alice = cast.alice()
    assert "Nobody has a role" in command("staff", "list").out
    weak = command("staff", "grant", "platform_administrator", "--email", piped=EMAIL)
    assert weak.code == 1
    assert "add a passkey" in weak.err, "says what to do"
    assert not StaffRole.objects.exists()
    cast.with_codes(alice)
    said = command("staff", "grant", "platform_administrator", "--email", piped=EMAIL)
    assert said.code == 0, said.err
    assert Account.objects.get().is_staff_member("platform_administrator")
    assert Message.objects.filter(subject_id=alice.subject_id).exists()  # told by mail
    (listed,) = command("staff", "list", "--json").document
    assert (listed["role"], UUID(listed["subject"])) == ("platform_administrator", alice.subject_id)

    revoke = ["staff", "revoke", "platform_administrator", str(alice.subject_id)]
    assert command(*revoke).code == 0
    assert command(*revoke).code == 1
    assert not StaffRole.objects.filter(until__isnull=True).exists()
    assert _quiet(said.out + said.err)


def test_a_role_needs_an_account(command: Command) -> None:
    subject = Subject.objects.create(created_at=cast.OPENED)
    said = command("staff", "grant", "data_protection_officer", str(subject.pk))
    assert said.code == 1
    assert "sign up" in said.err
    assert command("staff", "grant", "emperor", str(subject.pk)).code == 2
