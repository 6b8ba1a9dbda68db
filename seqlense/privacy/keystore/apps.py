"""The keystore as a Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from seqlense.privacy.keystore import inhand, memory, vault
from seqlense.privacy.routers import KEYS


class KeystoreConfig(AppConfig):
    """Keys and handles."""

    name = "seqlense.privacy.keystore"
    label = "keystore"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Set connections up; keys last as long as a request; the first start makes an installation.

        Here, so that no process which may hold keys (pages, worker, commands) is without it: no core dumps.
        """
        memory.keep_from_disk()
        connection_created.connect(_set_up, dispatch_uid="seqlense.keystore")
        request_started.connect(inhand.begin_request, dispatch_uid="seqlense.keystore")
        request_finished.connect(inhand.end_request, dispatch_uid="seqlense.keystore")
        post_migrate.connect(_first_start, dispatch_uid="seqlense.keystore")


def _set_up(connection: Any, **_: object) -> None:
    """SQLite: readers beside a writer, commits on the disk, deleted keys overwritten, no half-taken locks."""
    if connection.alias != KEYS or connection.vendor != "sqlite":
        return
    connection.transaction_mode = "IMMEDIATE"
    with connection.cursor() as cursor:
        for pragma in (
            "busy_timeout = 20000",
            "journal_mode = WAL",
            "synchronous = FULL",
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")


def _first_start(**_: object) -> None:
    """Once both databases have their tables: make them one installation, if they are new."""
    if not vault.available():
        return
    tables = {
        alias: set(connections[alias].introspection.table_names()) for alias in (DEFAULT_DB_ALIAS, KEYS)
    }
    if "keystore_vault" in tables[KEYS] and "privacy_installation" in tables[DEFAULT_DB_ALIAS]:
        vault.initialise_if_new()
