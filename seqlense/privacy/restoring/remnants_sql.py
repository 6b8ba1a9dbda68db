"""What is left of somebody in an activity whose key is gone: nobody will ever read it, so it goes."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection, transaction

from seqlense.privacy import destruction, reach
from seqlense.privacy.access.reading_sql import is_sealed
from seqlense.privacy.erasure.steps_sql import emptied
from seqlense.privacy.governance.links_sql import going_along
from seqlense.privacy.governance.rules import Plan, plans
from seqlense.privacy.governance.whom_sql import ROW, about, key_column, source, table

_ARCHIVED = (
    "delete from privacy_archived a where a.subject_id = %(subject)s::uuid and exists "
    "(select 1 from unnest(a.items) i where split_part(i, '.', 1) = %(activity)s)"
)


@transaction.atomic
def clear(subject: UUID, activity: str) -> int:
    """Delete the rows of that activity, empty its sealed columns in rows that serve others too; how many."""
    rows = 0
    destruction.take_turn()
    with reach.maintenance(), connection.cursor() as cursor:
        for statement in (*_statements(activity), _ARCHIVED):
            cursor.execute(statement, {"subject": subject, "activity": activity})
            rows += cursor.rowcount
    return rows


def _statements(activity: str) -> Iterator[str]:
    for plan in plans():
        sealed = [one for one in plan.columns if one.item.split(".")[0] == activity and is_sealed(plan, one)]
        if sealed and plan.entry.activity == activity and not plan.foreign:
            yield from _deleting(plan)
        elif sealed:
            cleared = ", ".join(emptied(plan, one) for one in sealed)
            chosen = _chosen(plan)
            yield f"update {table(plan.model)} set {cleared} where {key_column(plan.model)} in ({chosen})"


def _deleting(plan: Plan) -> Iterator[str]:
    chosen = _chosen(plan)
    yield from going_along(plan.model, chosen)
    yield f"delete from {table(plan.model)} {ROW} where {ROW}.{key_column(plan.model)} in ({chosen})"


def _chosen(plan: Plan) -> str:
    return f"select {ROW}.{key_column(plan.model)} from {source(plan.entry)} where {about(plan.entry)}"
