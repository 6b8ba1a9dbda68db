from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "seqlense.console"
    label = "console"
