"""The assembly as a Django app: what every process of the product does at its start."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "seqlense.project"
    label = "project"

    def ready(self) -> None:
        """Sessions end with a restore. No connection but to hosts that the running register declares.

        Tests have a guard of their own.
        """
        from django.conf import settings

        from seqlense.privacy import egress
        from seqlense.project.restored import aftermath  # noqa: F401 (its receiver)
        from seqlense.register import RegisterError

        if settings.SEQLENSE_MODE == "test":
            return
        try:
            egress.install()
        except RegisterError:
            return  # the system checks say what is wrong with the register, and nothing starts
