"""Which rows live in the keystore's own database."""

from typing import Any

from django.db.models import Model

KEYS = "keys"
APP = "keystore"


class KeysRouter:
    """The keystore's models live in `keys` and nowhere else; nothing else lives there."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return KEYS if model._meta.app_label == APP else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        return KEYS if model._meta.app_label == APP else None

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        return (one._meta.app_label == APP) is (other._meta.app_label == APP)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return (db == KEYS) is (app_label == APP)
