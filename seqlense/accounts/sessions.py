"""Sessions of our own: Django's session engine (SESSION_ENGINE), and the list from which a person revokes
them.

The cookie holds a random key; the database holds its SHA-256 only. A session ends after a time without use
and, in any case, some time after it began; sooner for staff.
"""

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import transaction

from seqlense.accounts import events
from seqlense.accounts.models import Account, Session
from seqlense.kit import clock
from seqlense.privacy.actor import Actor

IDLE: Final = timedelta(days=3)
ABSOLUTE: Final = timedelta(days=14)
STAFF_IDLE: Final = timedelta(hours=1)
STAFF_ABSOLUTE: Final = timedelta(hours=12)
ANONYMOUS_IDLE: Final = timedelta(hours=2)
SEEN_EVERY: Final = timedelta(minutes=1)

STAFF: Final = "staff"
DEVICE: Final = "device"
STRONG: Final = "strong"
CONFIRMED: Final = "confirmed"


def digest(key: str) -> bytes:
    """What the database knows of a session key. The key has 165 random bits, so a plain hash is enough."""
    return hashlib.sha256(key.encode()).digest()


class SessionStore(SessionBase):
    """Django's session over `Session` rows."""

    row: Session | None = None

    if TYPE_CHECKING:

        def _get_session(self, no_load: bool = False) -> dict[str, Any]: ...
        def _get_new_session_key(self) -> str: ...

    def load(self) -> dict[str, Any]:
        """The session's data; nothing if it doesn't exist, was revoked, or came to its end."""
        row = next(iter(Session.objects.filter(key_digest=digest(self.session_key or ""))[:1]), None)
        now = clock.now()
        if row is None or row.expires_at <= now:
            self._session_key = None
            return {}
        self.row = row
        data = self.decode(row.data)
        if row.account_id is not None:
            self._seen(row, staff=bool(data.get(STAFF)), now=now)
        return data

    def _seen(self, row: Session, *, staff: bool, now: datetime) -> None:
        if now - row.last_seen_at < SEEN_EVERY:
            return
        row.last_seen_at = now
        row.expires_at = ends(row.started_at, now, staff=staff, signed_in=True)
        Session.objects.filter(pk=row.pk).update(last_seen_at=now, expires_at=row.expires_at)

    def exists(self, session_key: str) -> bool:
        """Whether that key is taken."""
        return Session.objects.filter(key_digest=digest(session_key)).exists()

    def create(self) -> None:
        """Begin an empty session under a fresh key."""
        while True:
            self._session_key = self._get_new_session_key()
            self.row = None
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Write the session; UpdateError if it was revoked meanwhile, so that no request brings it back."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)
        now = clock.now()
        account = self._account(data)
        with transaction.atomic():
            row = Session.objects.select_for_update().filter(key_digest=digest(self.session_key)).first()
            if must_create and row is not None:
                raise CreateError
            if row is None:
                if not must_create:
                    raise UpdateError
                row = Session(key_digest=digest(self.session_key), started_at=now)
            if row.account_id != (account.pk if account else None):
                row.started_at = now
            row.account = account
            row.subject_id = account.subject_id if account else None
            row.data = self.encode({name: value for name, value in data.items() if name != DEVICE})
            if account is not None and DEVICE in data:
                row.device = str(data[DEVICE])
            row.last_seen_at = now
            row.expires_at = ends(
                row.started_at, now, staff=bool(data.get(STAFF)), signed_in=account is not None
            )
            row.save(force_insert=must_create)
        self.row = row

    def _account(self, data: dict[str, Any]) -> Account | None:
        found = data.get(SESSION_KEY)
        return None if found is None else Account.objects.filter(pk=found).first()

    def cycle_key(self) -> None:
        """A fresh key for the same session: at sign-in and whenever the person gains rights."""
        if self.session_key is None or self.row is None:
            self._get_session()
        if self.session_key is None or self.row is None:
            self.create()
            return
        self._session_key = self._get_new_session_key()
        Session.objects.filter(pk=self.row.pk).update(key_digest=digest(self.session_key or ""))
        self.modified = True

    def delete(self, session_key: str | None = None) -> None:
        """End the session."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(key_digest=digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete what has come to its end."""
        Session.objects.filter(expires_at__lte=clock.now()).delete()

    def get_session_cookie_age(self) -> int:
        """Seconds for which the browser keeps the cookie; the row's own end comes first."""
        return int(ABSOLUTE.total_seconds())


def ends(started_at: datetime, seen_at: datetime, *, staff: bool, signed_in: bool) -> datetime:
    """When a session ends unless it is used again."""
    if not signed_in:
        return seen_at + ANONYMOUS_IDLE
    idle, absolute = (STAFF_IDLE, STAFF_ABSOLUTE) if staff else (IDLE, ABSOLUTE)
    return min(seen_at + idle, started_at + absolute)


def of(account: Account, *, now: datetime) -> list[Session]:
    """The account's living sessions, the last used first."""
    return list(Session.objects.filter(account=account, expires_at__gt=now).order_by("-last_seen_at"))


def current(key: str | None) -> UUID | None:
    """Id of the session that a key opens, or None."""
    return Session.objects.filter(key_digest=digest(key or "")).values_list("pk", flat=True).first()


@transaction.atomic
def revoke(account: Account, session: UUID, *, actor: Actor, now: datetime) -> bool:
    """End one session of the account; False if it has none by that id."""
    gone, _ = Session.objects.filter(account=account, pk=session).delete()
    if gone:
        events.note(account, "session_revoked", actor=actor, now=now)
    return bool(gone)


@transaction.atomic
def revoke_all(account: Account, *, spare: str | None, actor: Actor, now: datetime) -> int:
    """End every session of the account but the one whose key is spared; says how many."""
    living = Session.objects.filter(account=account)
    gone, _ = (living.exclude(key_digest=digest(spare)) if spare else living).delete()
    if gone:
        events.note(account, "sessions_revoked", actor=actor, now=now, count=gone)
    return gone
