"""The Django app of this room."""

from django.apps import AppConfig


class MailingConfig(AppConfig):
    """Label `mailing`; its checks run at every start."""

    name = "seqlense.mailing"
    label = "mailing"

    def ready(self) -> None:
        from seqlense.mailing import checks  # noqa: F401 (registers itself)
        from seqlense.mailing.declarations import whose
        from seqlense.privacy.publishing import signals

        signals.using.connect(whose, dispatch_uid="seqlense.mailing")
