"""The one place where this section steps over the wall: to ask whether the archive remembers an objection.

An erasure leaves the digest of an unsubscribed address there, by law (GDPR art. 21(3)), for this question.
"""

from collections.abc import Sequence

from seqlense.audience.newsletter.models import Objection
from seqlense.privacy import reach
from seqlense.privacy.records import Archived


def archived(digests: Sequence[bytes]) -> bool:
    """Whether one of these digests is kept; nothing else is read."""
    with reach.maintenance(savepoint=False):
        return Archived.objects.filter(
            activity="newsletter",
            event="unsubscribed",
            model=Objection._meta.label_lower,
            values__digest__in=[f"\\x{one.hex()}" for one in digests],
        ).exists()
