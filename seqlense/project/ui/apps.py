from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "seqlense.project.ui"
    label = "ui"
