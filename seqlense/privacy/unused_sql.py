"""Who has nothing sealed left in an activity, as one statement for any number of people."""

import functools

from django.core.signals import setting_changed

from seqlense.privacy.access.reading_sql import is_sealed
from seqlense.privacy.governance.rules import Column, Plan, plans
from seqlense.privacy.governance.whom_sql import ROW, about, column_of, table


@functools.cache
def unused(activity: str) -> str | None:
    """A SELECT of those of %(subjects)s without a sealed value; None where the activity seals nothing.

    The parameter is a text of ids with commas between, made much faster than an array of a thousand.
    """
    used = []
    for plan in plans():
        sealed = [one for one in plan.columns if one.item.split(".")[0] == activity and is_sealed(plan, one)]
        if sealed:
            used.append(_used(plan, sealed))
    if not used:
        return None
    archived = (
        "exists (select 1 from privacy_archived a where a.subject_id = s.id and exists "
        f"(select 1 from unnest(a.items) i where split_part(i, '.', 1) = '{activity}'))"
    )
    return (
        "select s.id from unnest(string_to_array(%(subjects)s, ',')::uuid[]) as s(id) where "
        + " and ".join(f"not {one}" for one in [*used, archived])
    )


def _used(plan: Plan, sealed: list[Column]) -> str:
    filled = " or ".join(f"{column_of(plan.model, one.field)} is not null" for one in sealed)
    return (
        f"exists (select 1 from {table(plan.model)} {ROW} where {about(plan.entry, 's.id')} and ({filled}))"
    )


def _forget(*, setting: str, **_: object) -> None:
    if setting in ("INSTALLED_APPS", "SEQLENSE_REGISTER"):
        unused.cache_clear()


setting_changed.connect(_forget)
