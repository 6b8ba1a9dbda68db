from django.apps import AppConfig


class SocialConfig(AppConfig):
    name = "seqlense.audience.social"
    label = "social"
