from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "seqlense.accounts"
    label = "accounts"

    def ready(self) -> None:
        """People are found by part of their name or address, and told what becomes of their requests."""
        from seqlense.accounts import mails
        from seqlense.privacy import search

        mails.listen()

        search.register("accounts.Account", fields=("name", "email"))
