"""What must not live on from an older copy of the data."""

from django.dispatch import receiver

from seqlense.accounts.models import Session
from seqlense.privacy.restoring.finishing import restored


@receiver(restored, dispatch_uid="seqlense.project.restored")
def end_sessions(**_: object) -> dict[str, int]:
    """Everybody signs in again: a session ended or taken away since the backup would have come back."""
    gone, _by_model = Session.objects.all().delete()
    return {"sessions": gone}
