from uuid import UUID

import pytest

from seqlense.privacy.models import Subject
from tests.audience.newsletter.stage import NOW, PAUL
from tests.postbox import _catcher, postbox


@pytest.fixture(autouse=True)
def _staff(db: None) -> None:
    """Whoever writes campaigns is somebody."""
    assert isinstance(PAUL.subject, UUID)
    Subject.objects.create(pk=PAUL.subject, created_at=NOW)


__all__ = ["_catcher", "postbox"]
