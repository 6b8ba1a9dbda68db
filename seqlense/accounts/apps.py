from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "seqlense.accounts"
    label = "accounts"

    def ready(self) -> None:
        """People are found by part of their name or address."""
        from seqlense.privacy import search

        search.register("accounts.Account", fields=("name", "email"))
