"""The register as it runs: for each data item where it is stored, who receives it, when it goes."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from seqlense.console.doors import OFFICER, PLATFORM, staff
from seqlense.privacy import running
from seqlense.privacy.governance import declared
from seqlense.privacy.records import RegisterVersion
from seqlense.register import Activity, DataItem, Recipient, Register, wording


@dataclass(frozen=True, kw_only=True)
class Path:
    """One data item's way: columns, outside holders, and what ends it beside the general rules."""

    item: DataItem
    columns: tuple[tuple[str, str], ...]
    holders: tuple[Recipient, ...]
    ends: str


def paths(register: Register, activity: Activity, language: str) -> list[Path]:
    """Every item of an activity, from its declaration to its columns ("accounts_account", "email")."""
    return [
        Path(
            item=item,
            columns=tuple(_columns(item)),
            holders=tuple(register.recipients[holder] for holder in item.held_by),
            ends=wording.special_keeping(activity, item, language),
        )
        for item in activity.items
    ]


def _columns(item: DataItem) -> list[tuple[str, str]]:
    found = []
    for entry, name in declared().columns_of(item.key):
        meta = entry.model_class()._meta
        found.append((meta.db_table, str(meta.get_field(name).column)))  # type: ignore[union-attr]  # has a column
    return sorted(found)


@staff(PLATFORM, OFFICER)
def register_page(request: HttpRequest) -> HttpResponse:
    """All activities, those that run first."""
    register = running.register()
    context = {
        "register": register,
        "versions": RegisterVersion.objects.only("version", "running_since")[:20],
    }
    return render(request, "console/register.html", context)


@staff(PLATFORM, OFFICER)
def activity_page(request: HttpRequest, activity: str) -> HttpResponse:
    """One activity: its declaration, and each item from declaration to column to end."""
    register = running.register()
    found = register.activities.get(activity)
    if found is None:
        raise Http404
    language = get_language() or "fr"
    context = {
        "activity": found,
        "basis": wording.basis(found, language),
        "ends": wording.general_keeping(found, language),
        "paths": paths(register, found, language),
        "recipients": register.recipients_of(found),
        "tasks": sorted(name for name, of in declared().tasks.items() if of == found.id),
    }
    return render(request, "console/activity.html", context)
