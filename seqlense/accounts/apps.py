from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "seqlense.accounts"
    label = "accounts"
