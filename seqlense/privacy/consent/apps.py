from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "seqlense.privacy.consent"
    label = "consent"
