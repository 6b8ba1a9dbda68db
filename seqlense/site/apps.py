from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "seqlense.site"
    label = "site"
