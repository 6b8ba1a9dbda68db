"""Timestamps and cosignatures: taken once, verified before they are kept, queued while somebody is away."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from seqlense.kit import clock
from seqlense.privacy import proofs
from seqlense.privacy.proofs import stamping, tokens, verifying
from seqlense.privacy.proofs.days import Days
from seqlense.privacy.proofs.errors import AuthorityAway, AuthorityUnknown, Broken, TimestampRefused
from seqlense.privacy.proofs.tokens import Authority as Roots
from seqlense.privacy.proofs.verifying import Brought
from tests.proofs.authority import Authority, established, serving
from tests.proofs.logs import Log
from tests.proofs.test_verifying import CODES, script
from tests.proofs.witness import Witness


@pytest.fixture
def now() -> datetime:
    """The true moment: the authority has a clock of its own."""
    return clock.now()


@pytest.fixture
def stamps(settings: LazySettings, stamps: Authority, log: Log) -> Authority:
    """The authority, and a log made without a database."""
    settings.SEQLENSE_LOG = log.folder
    return stamps


def codes(now: datetime) -> list[str]:
    return [one.code for one in proofs.alarms(now)]


def test_a_day_s_checkpoint_is_stamped_once_and_holds_for_outsiders(
    stamps: Authority, log: Log, now: datetime
) -> None:
    note = log.note
    done = stamping.stamp(now=now)
    assert [day.note for day in done.stamped] == [note]
    log.grow(5)
    assert stamping.stamp(now=now).stamped == ()
    assert stamps.asked == 1
    [day] = Days(log.folder).all()
    assert day.note == note
    assert day.moment is not None
    assert abs(day.moment - now) < timedelta(minutes=1)
    code, said = script(log.folder, "--key", log.key, "--authority", stamps.certificate)
    assert code == 0, said
    assert f"timestamp: {now.astimezone(UTC).date()}" in said
    assert codes(now) == []


def test_while_the_authority_is_away_days_wait_and_no_time_is_made_up(
    stamps: Authority, log: Log, now: datetime
) -> None:
    stamps.away = True
    yesterday = now - timedelta(days=1, hours=1)
    for hour in range(3):
        assert stamping.stamp(now=yesterday + timedelta(hours=hour)).stamped == ()
    first = log.note
    assert stamps.asked == 3
    assert list(log.folder.glob("timestamps/*.tsr")) == []
    assert codes(yesterday + timedelta(hours=3)) == []
    log.grow(1)
    assert len(stamping.stamp(now=now).waiting) == 2
    [alarm] = proofs.alarms(now + timedelta(hours=2))
    assert (alarm.code, alarm.about) == ("timestamps.late", f"{yesterday.astimezone(UTC).date()}")
    stamps.away = False
    done = stamping.stamp(now=now)
    assert len(done.stamped) == 2
    assert done.waiting == ()
    early, late = Days(log.folder).all()
    assert (early.note, late.note) == (first, log.note)
    assert early.moment is not None
    assert early.moment > now - timedelta(minutes=1), "the time is the authority's, not the day's"
    assert codes(now) == []
    assert script(log.folder, "--key", log.key)[0] == 0


def test_an_authority_that_isn_t_there_at_all_waits_too(
    stamps: Authority, settings: LazySettings, now: datetime
) -> None:
    settings.SEQLENSE_TIMESTAMP_URL = "http://127.0.0.1:9/"
    assert len(stamping.stamp(now=now).waiting) == 1
    settings.SEQLENSE_TIMESTAMP_URL = stamps.url
    assert len(stamping.stamp(now=now).stamped) == 1


def test_what_the_authority_says_is_believed_only_if_it_verifies(
    stamps: Authority, log: Log, settings: LazySettings, tmp_path: Path, now: datetime
) -> None:
    lies = [
        b"",
        b"no timestamp",
        b"\x30\x03\x02\x01\x00",
        stamps.stamp(b"another text"),
        stamps.stamp(log.note),
    ]
    for lie in lies:  # the last is a true token of this text, but not the answer to our question
        stamps.answer = lie
        assert stamping.stamp(now=now).stamped == ()
    assert list(log.folder.glob("timestamps/*.tsr")) == []
    stamps.answer = None
    settings.SEQLENSE_TIMESTAMP_CA = established(tmp_path / "other").certificate
    assert stamping.stamp(now=now).stamped == ()
    settings.SEQLENSE_TIMESTAMP_CA = tmp_path / "nowhere.pem"
    with pytest.raises(AuthorityUnknown):
        stamping.stamp(now=now)
    settings.SEQLENSE_TIMESTAMP_CA = stamps.certificate
    assert len(stamping.stamp(now=now).stamped) == 1


def test_after_a_change_of_authority_earlier_timestamps_still_hold(
    stamps: Authority, log: Log, settings: LazySettings, tmp_path: Path, now: datetime
) -> None:
    stamping.stamp(now=now - timedelta(days=1))  # waits, then is stamped now
    stamping.stamp(now=now)
    with serving(tmp_path / "another") as another:
        settings.SEQLENSE_TIMESTAMP_URL = another.url
        settings.SEQLENSE_TIMESTAMP_CA = another.certificate
        Days(log.folder).note(log.note, now=now + timedelta(minutes=1))
        for file in log.folder.glob(f"timestamps/{now.astimezone(UTC).date()}.tsr"):
            file.unlink()
        assert len(stamping.stamp(now=now).stamped) == 1
    found = verifying.log(log.folder, log.signer.verifier, Brought())
    assert len(found.stamped) == 2
    assert script(log.folder, "--key", log.key)[0] == 0


def test_a_time_that_can_t_be_is_refused(asked: Authority, log: Log, now: datetime) -> None:
    roots = Roots.read(asked.certificate)
    for moment, since in (
        (now - timedelta(hours=2), now - timedelta(days=1)),
        (now, now + timedelta(hours=1)),
    ):
        with pytest.raises(TimestampRefused):
            tokens.ask(log.note, asked.url, roots, now=moment, not_before=since)
    with pytest.raises(AuthorityAway):
        tokens.ask(log.note, "http://127.0.0.1:9/", roots, now=now, not_before=now)


@pytest.fixture
def witnessed(stamps: Authority, settings: LazySettings, watching: Witness) -> Witness:
    """As `stamps`, with a witness as well."""
    settings.SEQLENSE_WITNESSES = ((watching.url, watching.key),)
    return watching


def test_a_witness_cosigns_what_continues_what_it_saw(
    witnessed: Witness, stamps: Authority, log: Log, now: datetime
) -> None:
    stamping.cosign(now=now)
    stamping.cosign(now=now)
    assert len(witnessed.asked) == 1
    assert witnessed.seen[0] == 300
    log.grow(30)
    note = stamping.cosign(now=now)
    assert note is not None
    assert len(note.signatures) == 2
    assert witnessed.asked[-1].startswith("old 300\n")
    found = verifying.log(log.folder, log.signer.verifier, Brought(witnesses=(witnessed.key,)))
    assert [name for name, _moment in found.cosigned] == [witnessed.name]
    code, said = script(log.folder, "--key", log.key, "--witness", witnessed.key)
    assert code == 0, said
    stamping.stamp(now=now)
    [day] = Days(log.folder).all()
    assert day.note.decode() == str(note), "the day's checkpoint carries the cosignatures"


def test_a_witness_that_knows_more_or_less_than_we_think_is_asked_from_there(
    witnessed: Witness, log: Log, now: datetime
) -> None:
    stamping.cosign(now=now)
    for kept in log.folder.glob("cosignatures/*"):
        kept.unlink()
    log.grow(1)
    assert stamping.cosign(now=now) is not None
    assert [body.partition("\n")[0] for body in witnessed.asked] == ["old 0", "old 0", "old 300"]
    assert witnessed.seen[0] == 301


def test_a_witness_that_is_away_or_lies_is_not_kept_and_alarms_after_a_day(
    witnessed: Witness, log: Log, now: datetime
) -> None:
    stamping.cosign(now=now)
    log.grow(1)
    witnessed.away = True
    note = stamping.cosign(now=now)
    assert note is not None
    assert len(note.signatures) == 1
    witnessed.away, witnessed.lying = False, True
    log.grow(1)
    assert len(str(stamping.cosign(now=now)).splitlines()) == 5
    assert codes(now) == []
    [alarm] = proofs.alarms(now + timedelta(days=1, hours=1))
    assert (alarm.code, alarm.about) == ("witnesses.away", witnessed.name)
    assert alarm.since is not None


def test_a_cosignature_that_is_altered_or_missing_is_refused(
    witnessed: Witness, log: Log, now: datetime
) -> None:
    stamping.cosign(now=now)
    [file] = log.folder.glob("cosignatures/*")
    text = file.read_text()
    other = Witness(name="other.example/w2").key
    cases = [(other, text), (witnessed.key, text.replace("\n300\n", "\n299\n"))]
    for key, content in cases:
        file.write_text(content)
        with pytest.raises(Broken) as broken:
            verifying.log(log.folder, log.signer.verifier, Brought(witnesses=(key,)))
        assert broken.value.code == "witness"
        assert script(log.folder, "--key", log.key, "--witness", key)[0] in {
            CODES["witness"], CODES["checkpoint"],
        }  # fmt: skip
