"""Consent as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Receipts, and what keeps them in step with My data's switches."""

    name = "seqlense.privacy.consent"
    label = "consent"

    def ready(self) -> None:
        """A withdrawal in My data withdraws here, an erasure ends what stands."""
        from seqlense.privacy.consent import step

        step.connect()
