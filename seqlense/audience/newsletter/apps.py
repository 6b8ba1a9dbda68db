from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    name = "seqlense.audience.newsletter"
    label = "newsletter"
