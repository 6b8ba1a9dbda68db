"""Keys in memory: not in a traceback that shows variables, and in no core dump."""

import binascii
import os
import resource
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

import pytest
from django.db import connections
from django.test import RequestFactory
from django.views.debug import ExceptionReporter

from seqlense.kit.clock import now
from seqlense.kit.identifiers import uuid7
from seqlense.privacy import keystore, subjects
from seqlense.privacy.errors import SealBroken
from seqlense.privacy.keystore import envelope, epochkeys, keyfiles, memory, rewrapping
from seqlense.privacy.keystore.envelope import Hidden, Secret
from seqlense.privacy.keystore.errors import EpochKeyDamaged, TokenAway
from seqlense.project.environment import SOURCE
from tests.keys.conftest import PIN, Keeping, Token, forget_loaded

pytestmark = pytest.mark.django_db(transaction=True)
OPAQUE = {Secret.__init__.__code__, Hidden.__init__.__code__, Hidden.reveal.__code__}
"""Where a secret has a name for a moment, in code that can't fail any more."""
WATCHED = ("/privacy/keystore/", "/pathlib", "/base64.py", "/hmac.py", "careless")
SIMPLE = (
    bytes,
    bytearray,
    str,
    list,
    tuple,
    dict,
    Secret,
    Hidden,
    envelope.Key,
    keyfiles.Lines,
    epochkeys.EpochKey,
)


@contextmanager
def _known() -> Iterator[set[bytes]]:
    """Every secret that this process makes or opens in the block."""
    seen: set[bytes] = set()
    usual = Secret.__init__

    def noted(self: Secret, held: bytes) -> None:
        usual(self, held)
        seen.add(bytes(held))

    with mock.patch.object(Secret, "__init__", noted):
        OPAQUE.add(noted.__code__)
        yield seen


def _forms(secret: bytes) -> Iterator[str]:
    """As a secret may stand in a text: as Python shows bytes, as numbers, in hexadecimal and in base64."""
    yield repr(secret)[2:-1]
    yield ", ".join(map(str, secret))
    yield secret.hex()
    yield binascii.b2a_base64(secret, newline=False).decode()


def _shown(texts: set[str], secrets: set[bytes]) -> list[str]:
    everything = "\n".join(texts)
    return [form for secret in secrets for form in _forms(secret) if form in everything]


@contextmanager
def _watched() -> Iterator[set[str]]:
    """The variables of every frame at every line of the block, as a traceback taken there would show them."""
    texts: set[str] = set()

    def each(frame: FrameType, event: str, argument: object) -> Any:
        code = frame.f_code
        if code in OPAQUE or not any(one in code.co_filename for one in WATCHED):
            return None
        for name, value in frame.f_locals.items():
            if isinstance(value, SIMPLE):
                texts.add(f"{code.co_name}: {name} = {value!r}")
        return each

    before = sys.gettrace()
    sys.settrace(each)
    try:
        yield texts
    finally:
        sys.settrace(before)


def _everything_keys_are_used_for() -> None:
    forget_loaded()
    pairs = [(uuid7(), "accounts") for _ in range(3)]
    keystore.mint(pairs)
    keystore.keys_for(pairs)
    subjects.find_or_create("email", f"{uuid7()}@example.com", now=now())
    with mock.patch.multiple(rewrapping, _FIRST_BATCH=2, _SMALLEST_BATCH=2, _LARGEST_BATCH=2):
        keystore.rotate(now=now())
    forget_loaded()
    keystore.keys_for(pairs)
    path = epochkeys.path_of(keystore.status(now=now()).epoch)
    kept = path.read_bytes()
    for harm in (kept[:-20], kept.replace(b"check: ", b"check: 0"), kept + b"\xff"):
        _overwrite(path, harm)
        with suppress(EpochKeyDamaged):
            epochkeys.read(path)
    _overwrite(path, kept)


def _overwrite(path: Path, content: bytes) -> None:
    """Not by `write_bytes`, which has a name for what it writes."""
    with path.open("wb") as file:
        file.write(content)


@pytest.mark.parametrize("custody", ["file", "split", "pkcs11"])
def test_no_line_of_the_code_would_show_a_key(keeping: Keeping, with_token: Token, custody: str) -> None:
    keeping.by(custody)
    keystore.rotate(now=now())
    with _known() as secrets, _watched() as texts:
        _everything_keys_are_used_for()
    assert len(secrets) > 6
    assert len(texts) > 300
    assert _shown(texts, secrets) == []
    assert not any(PIN in text for text in texts)


def test_the_watch_sees_what_is_careless() -> None:
    with _known() as secrets, _watched() as texts:
        code = compile("held = one.handed_to(bytes)\nheld = held", "careless", "exec")
        exec(code, {"one": Secret.new()})  # noqa: S102 (the code is above)
    assert _shown(texts, secrets)


def _faults() -> list[tuple[str, Callable[[], Any]]]:
    def broken_row() -> None:
        with connections["keys"].cursor() as cursor:
            cursor.execute(
                "UPDATE keystore_datakey SET wrapped = CAST(substr(wrapped, 1, 40) || x'00' AS BLOB)"
            )
        keystore.rotate(now=now())

    def no_room() -> None:
        with mock.patch.object(rewrapping, "_write", side_effect=RuntimeError("in the middle")):
            keystore.rotate(now=now())

    def no_file() -> None:
        with mock.patch("os.fsync", side_effect=RuntimeError("on the way to the file")):
            epochkeys.create(
                epochkeys.folder() / "another.key", installation=keystore.installation(), epoch=99, now=now()
            )

    def cut_short() -> None:
        path = epochkeys.path_of(keystore.status(now=now()).epoch)
        copy = path.with_name("copy.key")
        keyfiles.write(copy, keyfiles.Lines.read(path).extended(check="0"))
        try:
            epochkeys.read(copy)
        finally:
            copy.unlink()

    def no_cipher() -> None:
        with mock.patch.object(envelope, "AESGCM", memoryview):  # which can't encrypt
            forget_loaded()
            keystore.mint([(uuid7(), "accounts")])

    return [("row", broken_row), ("room", no_room), ("file", no_file), ("cut", cut_short), ("no", no_cipher)]


@pytest.mark.parametrize(("name", "fault"), _faults())
def test_neither_a_traceback_with_variables_nor_djangos_page_shows_a_key(
    name: str, fault: Callable[[], Any], settings: Any
) -> None:
    settings.DEBUG = True  # Django hides nothing then
    pairs = [(uuid7(), "accounts") for _ in range(3)]
    with _known() as secrets:
        keystore.mint(pairs)
        forget_loaded()
        with pytest.raises((RuntimeError, AttributeError, SealBroken, EpochKeyDamaged)) as raised:
            fault()
        texts = set(_told(raised.value))
    with connections["keys"].cursor() as cursor:
        cursor.execute("DELETE FROM keystore_datakey")
    forget_loaded()
    for left in epochkeys.folder().glob("another.key*"):
        left.unlink()
    keystore.rotate(now=now())
    assert secrets
    assert all(len(text) > 1000 for text in texts)
    assert _shown(texts, secrets) == []


def _told(error: BaseException | None) -> Iterator[str]:
    """An error and whatever it came from, whether it is suppressed or not."""
    while error is not None:
        if error.__traceback__ is not None and error.__traceback__.tb_frame.f_code.co_filename == __file__:
            error = error.with_traceback(
                error.__traceback__.tb_next
            )  # the test's own frame knows the secrets
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        text = "".join(told.format())
        request = RequestFactory().get("/")
        page = ExceptionReporter(request, type(error), error, error.__traceback__).get_traceback_html()
        yield f"{text}\n{page}"
        error = error.__cause__ or error.__context__


def test_a_tokens_error_comes_without_its_own_frames(keeping: Keeping, with_token: Token) -> None:
    from pkcs11.exceptions import GeneralError
    from pkcs11.types import EncryptMixin

    keeping.by("pkcs11")
    failing = mock.patch.object(EncryptMixin, "encrypt", side_effect=GeneralError)
    with _known() as secrets, failing, pytest.raises(TokenAway) as raised:
        keystore.rotate(now=now())
    texts = set(_told(raised.value))
    assert raised.value.__context__ is None
    assert _shown(texts, secrets) == []
    assert not any(PIN in text for text in texts)


def test_opaque_things_dont_print_or_pickle() -> None:
    import pickle

    secret = Secret.new()
    for one in (secret, secret.as_text(), envelope.Key(secret), keyfiles.Lines("x", key=secret.as_text())):
        for text in (repr(one), str(one), f"{one}", f"{[one]}"):
            assert _shown({text}, {secret._held}) == []
        with pytest.raises(TypeError, match="never written"):
            pickle.dumps(one)


ENDS_BADLY = """
import os, resource, signal, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
sys.argv = sys.argv[1:]
{start}
from seqlense.privacy.keystore import memory
print(memory.kept_from_disk(), flush=True)
os.kill(os.getpid(), signal.SIGSEGV)
"""
STARTS = {
    "pages": "os.environ.pop('SEQLENSE_MODE_', None); import seqlense.project.wsgi",
    "worker": "import seqlense.project.cli.installation as one; one.enter(); import seqlense.project.working",
    "command": "import seqlense.project.cli.installation as one; one.enter()",
}


@pytest.mark.parametrize("name", STARTS)
def test_no_core_dump_of_any_process(name: str, child_environment: dict[str, str], tmp_path: Path) -> None:
    program = ENDS_BADLY.format(start=STARTS[name])
    environment = {**child_environment, "PYTHONPATH": str(SOURCE)}
    child = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.stdout == "True\n", child.stderr
    assert child.returncode == -signal.SIGSEGV
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into another process as Linux lets its account do")
def test_nobody_of_the_same_account_looks_into_its_memory() -> None:
    memory.keep_from_disk()
    assert memory.kept_from_disk()
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
    assert Path(f"/proc/{os.getpid()}/environ").stat().st_uid == 0
