from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "seqlense.support"
    label = "support"
