"""Who keeps an epoch's key: a file, two folders, a token; moving between them; what is lost or broken."""

import base64
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from seqlense.kit.clock import now
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import keystore
from seqlense.privacy.keystore import epochkeys
from seqlense.privacy.keystore.custody import Epoch
from seqlense.privacy.keystore.custody import token as in_token
from seqlense.privacy.keystore.envelope import Secret
from seqlense.privacy.keystore.errors import (
    CustodyMissing,
    EpochKeyDamaged,
    EpochKeyMissing,
    EpochKeyUnreadable,
    TokenAway,
    WrongInstallation,
)
from seqlense.privacy.keystore.keyfiles import Lines
from seqlense.project.environment import Environment, RefusedEnvironment
from tests.keys.conftest import PIN, Keeping, Token, forget_loaded

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = b"somewhere"


class Person:
    """Somebody with a key and a value sealed under it."""

    def __init__(self) -> None:
        self.pair: tuple[UUID, str] = (uuid7(), "accounts")
        self.sealed = keystore.mint([self.pair])[self.pair].seal(b"x", PLACE)

    def readable(self) -> bool:
        forget_loaded()
        return keystore.keys_for([self.pair])[self.pair].open(self.sealed, PLACE) == b"x"


def _labels(token: Token) -> list[str]:
    from pkcs11 import Attribute

    def listed(session: Any) -> list[str]:
        return [one[Attribute.LABEL] for one in session.get_objects()]

    return in_token._at_the_token(listed)


def test_a_key_moves_from_custody_to_custody_by_rotation_and_leaves_nothing_behind(
    keeping: Keeping, with_token: Token
) -> None:
    person = Person()
    for name in ("split", "split", "pkcs11", "pkcs11", "file", "split"):
        keeping.by(name)
        done = keystore.rotate(now=now())
        status = keystore.status(now=now())
        assert (status.custody, status.epoch) == (name, done.epoch)
        assert person.readable()
        file = epochkeys.path_of(done.epoch)
        assert epochkeys.epochs() == [done.epoch]
        shares = sorted(path.name for path in keeping.second.glob("*"))
        assert shares == ([file.name] if name == "split" else [])
        wanted = [f"seqlense {status.installation} {done.epoch:06}"] if name == "pkcs11" else []
        assert _labels(with_token) == wanted
        assert not any(path.stat().st_mode & 0o077 for path in [file, *keeping.second.glob("*")])


def test_neither_share_is_the_key_and_both_are_needed(keeping: Keeping) -> None:
    person = Person()
    keeping.by("split")
    epoch = keystore.rotate(now=now()).epoch
    first, second = epochkeys.path_of(epoch), keeping.second / epochkeys.path_of(epoch).name
    shares = [base64.b64decode(Lines.read(path).get("share")) for path in (first, second)]
    assert all(len(share) == 32 for share in shares)
    whole = bytes(one ^ other for one, other in zip(*shares, strict=True))
    for path in (first, second):
        assert base64.b64encode(whole) not in path.read_bytes()
    assert person.readable()
    for path in (first, second):
        kept = path.read_bytes()
        harms: list[tuple[bytes | None, int, type[Exception]]] = [
            (None, 0o600, EpochKeyMissing),
            (kept[:150], 0o600, EpochKeyDamaged),
            (kept.replace(b"share: ", b"share: AA"), 0o600, EpochKeyDamaged),
            (os.urandom(200), 0o600, EpochKeyDamaged),
            (kept, 0o644, EpochKeyUnreadable),
        ]
        for content, mode, error in harms:
            path.unlink()
            if content is not None:
                path.write_bytes(content)
                path.chmod(mode)
            with pytest.raises(error) as told:
                person.readable()
            assert str(path) in str(told.value)
            path.write_bytes(kept)
            path.chmod(0o600)
        assert person.readable()


def test_the_other_share_of_another_epoch_doesnt_open(keeping: Keeping) -> None:
    keeping.by("split")
    one = keystore.rotate(now=now()).epoch
    old = (keeping.second / epochkeys.path_of(one).name).read_bytes()
    two = keystore.rotate(now=now()).epoch
    path = keeping.second / epochkeys.path_of(two).name
    kept = path.read_bytes()
    path.write_bytes(old)
    forget_loaded()
    with pytest.raises(EpochKeyDamaged):
        keystore.mint([(uuid7(), "accounts")])
    path.write_bytes(kept)


def test_a_share_of_another_installation_is_not_overwritten(keeping: Keeping) -> None:
    person = Person()
    keeping.by("split")
    epoch = keystore.status(now=now()).epoch + 1
    keeping.second.mkdir()
    path = keeping.second / epochkeys.path_of(epoch).name
    path.write_text(f"seqlense epoch key, second share of two, format 1\ninstallation: {uuid7()}\n")
    kept = path.read_bytes()
    with pytest.raises(WrongInstallation, match="another folder"):
        keystore.rotate(now=now())
    assert path.read_bytes() == kept
    assert person.readable()
    path.unlink()
    assert keystore.rotate(now=now()).epoch == epoch


def test_the_second_folder_isnt_named_any_more(keeping: Keeping) -> None:
    person = Person()
    keeping.by("split")
    keystore.rotate(now=now())
    keeping.settings.SEQLENSE_EPOCH_KEYS_2 = None
    with pytest.raises(CustodyMissing, match="SEQLENSE_EPOCH_KEYS_2"):
        person.readable()
    keeping.settings.SEQLENSE_EPOCH_KEYS_2 = keeping.second
    assert person.readable()


def test_the_tokens_key_never_leaves_it(keeping: Keeping, with_token: Token) -> None:
    from pkcs11 import Attribute
    from pkcs11.exceptions import PKCS11Error

    keeping.by("pkcs11")
    status = keystore.status(now=now())
    epoch = Epoch(status.installation, keystore.rotate(now=now()).epoch)

    def looked_at(session: Any) -> list[object]:
        key = in_token._found(session, epoch)[0]
        asked = (Attribute.EXTRACTABLE, Attribute.SENSITIVE, Attribute.NEVER_EXTRACTABLE, Attribute.PRIVATE)
        try:
            value = key[Attribute.VALUE]
        except PKCS11Error:
            value = None
        return [*(key[one] for one in asked), value]

    assert in_token._at_the_token(looked_at) == [False, True, True, True, None]


def test_what_is_wrong_with_a_token_is_told_and_heals(keeping: Keeping, with_token: Token) -> None:
    person = Person()
    keeping.by("pkcs11")
    status = keystore.status(now=now())
    epoch = Epoch(status.installation, keystore.rotate(now=now()).epoch)
    assert person.readable()
    path = epochkeys.path_of(epoch.number)
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b"wrapped: ", b"wrapped: 00"))
    with pytest.raises(EpochKeyDamaged):
        person.readable()
    path.write_bytes(kept)

    with_token.pin_file.write_text("0000-wrong")
    for _ in range(2):  # asked once only: the second time would bring the token nearer to its lock
        with pytest.raises(TokenAway, match="PinIncorrect") as told:
            person.readable()
        assert told.value.__context__ is None
        assert "0000-wrong" not in str(told.value)
    with_token.pin_file.write_text(PIN)
    assert person.readable()

    with_token.pin_file.chmod(0o644)
    with pytest.raises(EpochKeyUnreadable, match="PIN file"):
        person.readable()
    with_token.pin_file.chmod(0o600)

    keeping.settings.SEQLENSE_PKCS11_TOKEN = "unplugged"
    with pytest.raises(TokenAway, match="unplugged"):
        person.readable()
    keeping.settings.SEQLENSE_PKCS11_TOKEN = None
    with pytest.raises(CustodyMissing, match="SEQLENSE_PKCS11_MODULE"):
        person.readable()
    keeping.settings.SEQLENSE_PKCS11_TOKEN = with_token.label
    assert person.readable()


def test_an_epoch_whose_token_key_is_destroyed_is_lost_for_good(with_token: Token) -> None:
    keeper, epoch = in_token.InToken(), Epoch(uuid7(), 7)
    lines = keeper.keep(Secret.new(), epoch)
    keeper.discard(epoch)
    keeper.discard(epoch)
    with pytest.raises(EpochKeyMissing, match="holds no key"):
        keeper.fetch(lines, epoch, Path("epoch-000007.key"))


KILLED_AFTER = """
import os, signal, sys, django
django.setup()
from seqlense.kit.clock import now
from seqlense.privacy.keystore import keyfiles, rotation
from seqlense.privacy.keystore.custody import split, token
step, number = sys.argv[1], int(sys.argv[2])
place = token.InToken if step in ("keep", "discard") else keyfiles
usual, calls = getattr(place, step), []

def cut(*arguments, **named):
    result = usual(*arguments, **named)
    calls.append(1)
    if len(calls) == number:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(place, step, cut)
rotation.rotate(now=now())
"""


@pytest.mark.parametrize(
    ("name", "step", "number"),
    [
        *(("split", step, number) for step in ("write", "destroy") for number in (1, 2)),
        *(("pkcs11", step, 1) for step in ("keep", "write", "discard", "destroy")),
    ],
)
def test_killed_between_the_two_places(
    keeping: Keeping, with_token: Token, child_environment: dict[str, str], name: str, step: str, number: int
) -> None:
    from django.db import connections

    person = Person()
    keeping.by(name)
    keystore.rotate(now=now())
    connections.close_all()
    command = [sys.executable, "-c", KILLED_AFTER, step, str(number)]
    environment = {**child_environment, **keeping.variables}
    child = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    assert person.readable()
    done = keystore.rotate(now=now())
    assert person.readable()
    assert epochkeys.epochs() == [done.epoch]
    shares = [path.name for path in keeping.second.glob("epoch*")]
    assert shares == ([epochkeys.path_of(done.epoch).name] if name == "split" else [])
    assert len(_labels(with_token)) == (name == "pkcs11")


def test_settings_that_cant_be_right_are_refused(tmp_path: Path) -> None:
    usual = {"SEQLENSE_MODE": "test", "SEQLENSE_HOME": str(tmp_path)}
    first = Environment.read(usual)
    assert (first.custody.kind, first.epoch_days) == ("file", 7)
    for variable, given in (
        ("SEQLENSE_CUSTODY", {"SEQLENSE_CUSTODY": "pocket"}),
        ("SEQLENSE_CUSTODY", {"SEQLENSE_CUSTODY": "pkcs11", "SEQLENSE_PKCS11_TOKEN": "x"}),
        ("SEQLENSE_EPOCH_KEYS_2", {"SEQLENSE_CUSTODY": "split"}),
        ("SEQLENSE_EPOCH_KEYS_2", {"SEQLENSE_EPOCH_KEYS_2": str(tmp_path / "epoch-keys")}),
        ("SEQLENSE_EPOCH_DAYS", {"SEQLENSE_EPOCH_DAYS": "0"}),
        ("SEQLENSE_EPOCH_DAYS", {"SEQLENSE_EPOCH_DAYS": "400"}),
    ):
        with pytest.raises(RefusedEnvironment) as refused:
            Environment.read({**usual, **given})
        assert refused.value.variable == variable
