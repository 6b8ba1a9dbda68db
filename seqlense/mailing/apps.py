"""The Django app of this room."""

from django.apps import AppConfig


class MailingConfig(AppConfig):
    """Label `mailing`; its checks run at every start."""

    name = "seqlense.mailing"
    label = "mailing"

    def ready(self) -> None:
        from seqlense.mailing import checks  # noqa: F401 (registers itself)
