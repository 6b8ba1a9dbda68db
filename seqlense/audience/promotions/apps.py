from importlib import import_module

from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "seqlense.audience.promotions"
    label = "promotions"

    def ready(self) -> None:
        """Listen to withdrawals: reactions go with the agreement."""
        import_module("seqlense.audience.promotions.reactions")
