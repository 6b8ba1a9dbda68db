"""In step with the kernel: withdrawals of the consent, and restored databases."""

from datetime import datetime
from typing import Final
from uuid import UUID

from seqlense.audience.social import linking
from seqlense.audience.social.models import LinkedAccount
from seqlense.privacy import consent, subjects
from seqlense.privacy.actor import Actor
from seqlense.privacy.errors import Erased
from seqlense.privacy.restoring.finishing import restored

HEARING: Final = Actor.system("social")


def listen() -> None:
    """Called once, when the app is ready."""
    consent.changed.connect(_changed, dispatch_uid="seqlense.social.changed")
    restored.connect(_restored, dispatch_uid="seqlense.social.restored")


def _changed(*, subject: UUID, purpose: str, given: bool, now: datetime, **_: object) -> None:
    """Without the consent nothing of it is kept (GDPR art. 17(1)(b))."""
    if purpose == linking.PURPOSE and not given:
        linking.erase_all(subject, actor=HEARING, now=now)


def _restored(*, now: datetime, **_: object) -> dict[str, int]:
    """An account unlinked since the backup is unlinked again: the keystore, which no backup brings back, has
    no handle for it.
    """
    gone = 0
    for row in LinkedAccount.objects.all():
        try:
            owner = subjects.find(linking.HANDLE, linking.handle(row.network, row.account))
        except Erased:
            owner = None
        if owner != row.subject_id:
            LinkedAccount.objects.filter(pk=row.pk).delete()
            gone += 1
    return {"linked_accounts": gone}
