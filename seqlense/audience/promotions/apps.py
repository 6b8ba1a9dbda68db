from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "seqlense.audience.promotions"
    label = "promotions"
