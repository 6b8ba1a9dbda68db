"""What hangs on a governed row by foreign keys, and goes with it in the same statement.

Keys that the database follows itself (DB_CASCADE, DB_SET_NULL) need nothing. For Django's own CASCADE and
SET_NULL, which work row by row in Python, the same is compiled into SQL.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from seqlense.privacy import governance
from seqlense.privacy.governance import AnyField
from seqlense.privacy.governance.whom_sql import about, key_column, quoted, table


def links_to(model: type[models.Model]) -> Iterator[AnyField]:
    """Foreign keys of all installed models, many-to-many tables included, that point at a model."""
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.local_concrete_fields:
            if getattr(field, "related_model", None) is model and getattr(field, "db_constraint", True):
                yield field


def going_along(model: type[models.Model], keys: str, *, depth: int = 0) -> Iterator[str]:
    """Statements that delete or release what points at the rows whose keys the SELECT `keys` gives.

    A governed row that is released is left alone where it is about the same person: it has its own decision.
    """
    for field in links_to(model):
        rule = getattr(field.remote_field, "on_delete", None)
        child, alias = field.model, f"k{depth}"
        points = f"{alias}.{quoted(str(field.column))} in ({keys})"
        if rule is models.CASCADE and child is not model:
            inner = f"select {alias}.{key_column(child)} from {table(child)} {alias} where {points}"
            yield from going_along(child, inner, depth=depth + 1)
            yield f"delete from {table(child)} {alias} where {points}"
        elif rule is models.SET_NULL:
            entry = governance.declared().of(child)
            spared = "" if entry is None else f" and not ({about(entry, alias=alias)})"
            released = f"set {quoted(str(field.column))} = null"
            yield f"update {table(child)} {alias} {released} where {points}{spared}"
