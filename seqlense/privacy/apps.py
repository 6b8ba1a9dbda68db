"""The kernel as a Django app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The register, run."""

    name = "seqlense.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keys in hand are let go of when somebody is erased; checks run at start."""
        from seqlense.privacy import drills, search, signals
        from seqlense.privacy.backups import pruning
        from seqlense.privacy.keystore import inhand

        signals.erased.connect(inhand.forget, dispatch_uid="seqlense.keystore")
        search.connect()
        drills.connect()
        pruning.connect()
        import_module("seqlense.privacy.checks")
