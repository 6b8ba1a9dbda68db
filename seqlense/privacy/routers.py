"""Which database a model lives in."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

KEYS = "keys"  # alias of the keystore's own database
_KEYSTORE_APP = "keystore"


class KeysRouter:
    """Keys live in the keystore's database and nothing else does."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """The keystore's alias for its models."""
        return KEYS if model._meta.app_label == _KEYSTORE_APP else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        """The keystore's alias for its models."""
        return KEYS if model._meta.app_label == _KEYSTORE_APP else None

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        """No relation crosses the border."""
        if _KEYSTORE_APP in (one._meta.app_label, other._meta.app_label):
            return one._meta.app_label == other._meta.app_label
        return None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """The keystore's tables there, all others elsewhere."""
        return (db == KEYS) == (app_label == _KEYSTORE_APP)
