"""Try every key of a keystore on every sealed value of a database, as a thief of both would.

    python -m tests.proof.opening       # prints as JSON, for each person and activity, [sealed, opened]

Reads as a superuser, past every wall; takes the keys as the product takes them.
"""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import django
import psycopg
from psycopg import sql


def rows(connection: psycopg.Connection[Any]) -> Iterator[tuple[Any, Any, UUID, bytes]]:
    """Every sealed value: its field, its row's key, its subject, its ciphertext; the archive's as well."""
    from django.apps import apps

    from seqlense.privacy.records import Archived
    from seqlense.privacy.sealed import SealedField

    for model in apps.get_models():
        fields = [one for one in model._meta.concrete_fields if isinstance(one, SealedField)]
        for field in fields:
            statement = sql.SQL("SELECT {}, subject_id, {} FROM {} WHERE {} IS NOT NULL").format(
                sql.Identifier(field.key_name),
                sql.Identifier(field.column or ""),
                sql.Identifier(model._meta.db_table),
                sql.Identifier(field.column or ""),
            )
            for key, subject, sealed in connection.execute(statement):
                yield field, key, subject, bytes(sealed)
    kept = sql.SQL("SELECT model, row, subject_id, values FROM {}").format(
        sql.Identifier(Archived._meta.db_table)
    )
    for label, key, subject, values in connection.execute(kept):
        for name, value in values.items():
            field = apps.get_model(label)._meta.get_field(name)
            if isinstance(field, SealedField) and value is not None:
                yield field, key, subject, bytes.fromhex(value.removeprefix("\\x"))


def attempt() -> dict[str, Any]:
    """What each key opens."""
    from django.db import connections

    from seqlense.privacy import keystore, running
    from seqlense.privacy.errors import SealBroken

    settings = connections["default"].settings_dict
    with psycopg.connect(
        host=settings["HOST"], dbname=settings["NAME"], user="postgres", autocommit=True
    ) as thief:
        sealed = list(rows(thief))
    subjects = {subject for _field, _key, subject, _value in sealed}
    try:
        keys = keystore.keys_for([(one, name) for one in subjects for name in running.register().activities])
    except keystore.KeystoreError as refused:
        return {"refused": type(refused).__name__}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    texts = []
    for field, row, subject, value in sealed:
        count = counts[f"{subject} {field.activity}"]
        count[0] += 1
        for key in keys.values():
            try:
                opened = field.decode(field.unseal(value, row=row, key=key))
            except SealBroken:
                continue
            count[1] += 1
            texts.append(str(opened))
    return {"counts": counts, "texts": texts}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seqlense.project.settings")
    django.setup()
    json.dump(attempt(), sys.stdout)
