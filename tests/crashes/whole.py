"""What must hold after the storm: asked as a superuser, of the keystore, and of what people remember."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from tests.crashes.ground import Ground
from tests.crashes.planting import FADING, LEAVING, STAYING, People, address, name
from tests.crashes.storm import PARTS

POINTING = (
    "select conrelid::regclass::text, attname from pg_constraint "
    "join pg_attribute on attrelid = conrelid and attnum = conkey[1] "
    "where contype = 'f' and confrelid = 'privacy_subject'::regclass order by 1, 2"
)
KEPT_AFTER_ERASURE = {
    "privacy_rightsrequest",  # the request itself
    "privacy_searchchange",  # tells other processes to forget a name; goes within the hour
}


@dataclass
class Found:
    """What is there after the storm.

    ground, people, expired: where, who was planted, and rows whose time had come. opened: what `reading`
    tells.
    """

    ground: Ground
    people: People
    expired: Counter[str]
    opened: dict[str, Any]

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with self.ground.superuser() as superuser:
            return superuser.execute(question.encode(), values).fetchall()

    def vault(self, question: str) -> list[tuple[Any, ...]]:
        """Of the keystore."""
        return self.ground.ask_keystore(question)

    def remembered(self, part: str) -> list[tuple[str, str]]:
        """Lines of a journal: word and rest."""
        path = self.ground.home / "journal" / part
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]

    @cached_property
    def erased(self) -> dict[UUID, list[str]]:
        """Who was erased, and the activities of which something was kept, by the proof of it."""
        acts = self.ask("select subject, detail from privacy_act where kind = 'privacy.erased'")
        return {subject: detail["kept"] for subject, detail in acts}

    @cached_property
    def keys(self) -> dict[UUID, set[str]]:
        """Activities of which each subject has a key."""
        found = defaultdict(set)
        for subject, activity in self.vault("select subject_id, activity from keystore_datakey"):
            found[_uuid(subject)].add(activity)
        return found


def _uuid(stored: Any) -> UUID:
    return stored if isinstance(stored, UUID) else UUID(hex=stored)


def told(found: Found) -> str:
    """What was done all the while, in numbers."""
    postbox = found.ground.postbox
    [(epoch,)] = found.vault("select epoch from keystore_vault")
    swept = sum(detail["rows"] for (detail,) in found.ask(SWEPT))
    [(runs, ended)] = found.ask(
        "select count(*), count(*) filter (where status = 'done') from privacy_retentionrun"
    )
    [(acts,)] = found.ask("select count(*) from privacy_act")
    return (
        f"{len(found.erased)} erased, {swept} rows swept in {runs} sweeps ({ended} to the end), "
        f"{epoch - 1} rotations, {len(postbox.taken)} messages ({postbox.repeated} twice), {acts} acts"
    )


SWEPT = "select detail from privacy_act where kind = 'privacy.swept'"


def erasures_are_whole(found: Found) -> Iterator[str]:
    """Whoever is erased has one proof, one answer, and no row, key or handle left; nobody is in between."""
    marked = {one for (one,) in found.ask("select id from privacy_subject where erased_at is not null")}
    for kind in ("privacy.erased", "accounts.closed"):
        told = Counter(one for (one,) in found.ask("select subject from privacy_act where kind = %s", kind))
        yield from (f"{kind} {times} times: {one}" for one, times in told.items() if times > 1)
        yield from (f"{kind} without its mark, or the reverse: {one}" for one in marked ^ set(told))
    answers = Counter(
        one
        for (one,) in found.ask(
            "select subject_id from privacy_rightsrequest where kind = 'erasure' and answered_at is not null"
        )
    )
    yield from (f"answered {answers[one]} times: {one}" for one in marked if answers[one] != 1)
    for table, column in found.ask(POINTING):
        if table not in KEPT_AFTER_ERASURE:
            question = f"select {column} from {table} where {column} = any(%s)"
            left = Counter(one for (one,) in found.ask(question, list(marked)))
            yield from (f"{times} rows of {table} left of {one}" for one, times in left.items())
    yield from (
        f"keys left of {one}: {kept}" for one in marked if (kept := found.keys[one] - set(found.erased[one]))
    )
    leading = {_uuid(one) for (one,) in found.vault("select subject_id from keystore_handle")}
    yield from (f"a handle leads to {one}" for one in marked & leading)


def whoever_was_answered_is_erased(found: Found) -> Iterator[str]:
    """And nobody who didn't ask."""
    lines = [line for part in range(PARTS["erase"]) for line in found.remembered(f"erase-{part}")]
    asked, answered = ({UUID(one) for word, one in lines if word == what} for what in ("asked", "answered"))
    yield from (f"answered and not erased: {one}" for one in answered - set(found.erased))
    yield from (f"erased and never asked: {one}" for one in set(found.erased) - asked)
    if len(answered) < 20:
        yield f"only {len(answered)} erasures were answered"


def the_living_are_whole(found: Found) -> Iterator[str]:
    """All that is sealed opens; everybody has the account, the name and the address that they should."""
    yield from found.opened["unreadable"]
    accounts: dict[str, list[str]] = found.opened["accounts"]
    rows = [("accounts_session", 1), ("accounts_passkey", 1)]
    for group in (LEAVING, STAYING, FADING):
        for number, subject in enumerate(found.people[group]):
            if subject in found.erased:
                continue
            email, called = accounts.get(str(subject), ["", ""])
            if email != address(group, number) or not called.startswith(name(group, number)):
                yield f"{group} {number} is {email!r}, {called!r}"
            if found.opened["leads"].get(email) != str(subject):
                yield f"the address of {group} {number} leads elsewhere"
    living = [one for group in (LEAVING, STAYING) for one in found.people[group] if one not in found.erased]
    for table, wanted in rows:
        question = f"select subject_id, count(*) from {table} where subject_id = any(%s) group by 1"
        counts = dict(found.ask(question, living))
        yield from (
            f"{counts.get(one, 0)} rows of {table}: {one}" for one in living if counts.get(one) != wanted
        )


def nothing_that_was_said_is_lost(found: Found) -> Iterator[str]:
    """Who was told that it is done finds it done, once: joining, and the latest of the names."""
    emails = Counter(email for email, _ in found.opened["accounts"].values())
    yield from (f"{times} accounts of {one}" for one, times in emails.items() if times > 1)
    for part in range(PARTS["live"]):
        lines = found.remembered(f"live-{part}")
        for word, about in lines:
            kind, _, rest = about.partition(" ")
            if word == "answered" and kind == "join" and not emails[address(f"joined{part}x", int(rest))]:
                yield f"joined and lost: {rest} of {part}"
        yield from _names(found, lines)
    kinds = dict(found.ask("select kind, count(*) from privacy_act group by 1"))
    joined = sum(email.startswith("joined") for email in emails.elements())
    if kinds.get("accounts.signed_up", 0) != joined:
        yield f"{joined} joined, {kinds.get('accounts.signed_up')} proofs"


def _names(found: Found, lines: list[tuple[str, str]]) -> Iterator[str]:
    """The name is the last that was answered, or one that was asked for after it."""
    possible: dict[str, list[str]] = {}
    for word, about in lines:
        kind, _, rest = about.partition(" ")
        if kind == "name":
            number, _, wanted = rest.partition(" ")
            known = possible.setdefault(number, [name(STAYING, int(number))])
            if word == "answered":
                known.clear()
            known.append(wanted)
    for number, names in possible.items():
        called = found.opened["accounts"][str(found.people[STAYING][int(number)])][1]
        if called not in names:
            yield f"{called!r} should be one of {names}"


def sweeps_did_each_row_once(found: Found) -> Iterator[str]:
    """What had to go is gone; the proofs count each row once, and so do the runs; those cut off say so."""
    swept: Counter[str] = Counter()
    for (detail,) in found.ask(SWEPT):
        swept[detail["model"]] += detail["rows"]
    wanted = found.expired + Counter({"accounts.SecurityEvent": len(found.people[FADING])})
    if swept != wanted:
        yield f"swept {swept}, planted {wanted}"
    runs = found.ask("select status, code, counts from privacy_retentionrun")
    if (
        noted := sum(sum(one.values()) for _, _, counts in runs for one in counts.values())
    ) != wanted.total():
        yield f"runs count {noted} rows"
    kinds = Counter((status, code) for status, code, _ in runs)
    if not set(kinds) <= {("done", ""), ("failed", "interrupted"), ("failed", "OperationalError")}:
        yield f"sweeps: {kinds}"
    yield from (
        f"keys {found.keys[one]}: {one}" for one in found.people[FADING] if found.keys[one] != {"accounts"}
    )


def mails_came(found: Found) -> Iterator[str]:
    """One message for each change that was committed, to its person, however often it came; none given up."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for (recipient, message), times in found.ground.postbox.taken.items():
        told[recipient][message] += times
    changed = dict(
        found.ask(
            "select subject_id, count(*) from accounts_securityevent "
            "where kind = 'password_changed' group by 1"
        )
    )
    for number, subject in enumerate(found.people[STAYING]):
        messages = len(told[address(STAYING, number)])
        if messages != changed.get(subject, 0):
            yield f"staying {number}: {changed.get(subject, 0)} changes, {messages} messages"
    if dead := found.ask("select code from mailing_deadletter"):
        yield f"given up: {dead}"


def backups_are_whole(found: Found) -> Iterator[str]:
    """All that have a name are whole and proven; of those cut off nothing; one copy of the keystore."""
    codes: dict[str, str] = found.opened["backups"]
    yield from (f"{name}: {code}" for name, code in codes.items() if code)
    folder = found.ground.home / "backups"
    there = {path.name for chain in ("data", "keystore") for path in (folder / chain).iterdir()}
    if there != set(codes):
        yield f"beside the backups: {there ^ set(codes)}"
    if sum(name.startswith("keystore") for name in codes) != 1:
        yield f"copies of the keystore: {sorted(codes)}"
    acts = found.ask("select detail->>'backup' from privacy_act where kind = 'privacy.backup_created'")
    proven = Counter(name for (name,) in acts)
    yield from (f"{proven[name]} proofs of {name}" for name in codes if proven[name] != 1)


def nothing_is_left_over(found: Found) -> Iterator[str]:
    """No job, message, request to destroy keys; no draft; one epoch, its key, and every key under it."""
    for table in ("procrastinate_jobs", "mailing_message", "privacy_keydestruction"):
        for row in found.ask(f"select to_jsonb({table}) from {table}"):
            yield f"{table}: {json.dumps(row[0])}"
    [(epoch, retiring)] = found.vault("select epoch, retiring from keystore_vault")
    files = {one.name for one in (found.ground.home / "epoch-keys").iterdir() if one.suffix != ".lock"}
    if files != {f"epoch-{epoch:06}.key"} or retiring is not None:
        yield f"epoch {epoch}, retiring {retiring}, files {sorted(files)}"
    wrapped = {one for (one,) in found.vault("select distinct epoch from keystore_datakey")}
    if wrapped != {epoch}:
        yield f"keys wrapped under {wrapped}, the epoch is {epoch}"
    if found.ask("select 1 from pg_locks where locktype = 'advisory'"):
        yield "a lock is left"
