from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "seqlense.privacy.publishing"
    label = "publishing"
