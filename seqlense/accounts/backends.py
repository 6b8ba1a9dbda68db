"""Django's door for people already signed in. Signing in is `signing_in`; no backend takes a password."""

from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from seqlense.accounts.models import Account


class SealedEmailBackend(BaseBackend):
    """Loads the person of a session; a closed or unverified account is nobody."""

    def get_user(self, user_id: UUID) -> Account | None:
        """The account, while it may sign in."""
        account = next(iter(Account.objects.filter(pk=user_id)), None)
        return account if account is not None and account.is_active else None


BACKEND = f"{SealedEmailBackend.__module__}.{SealedEmailBackend.__qualname__}"
