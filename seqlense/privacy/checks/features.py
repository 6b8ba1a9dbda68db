"""Checks: nobody is grouped or addressed by what no activity says it reads for that."""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Error

from seqlense.privacy.features import Feature, declared
from seqlense.privacy.governance import Declared
from seqlense.privacy.sealed import SealedTextField
from seqlense.register import Register
from seqlense.register.vocabulary import Automated, Category

TOO_CLOSE = frozenset(
    {Category.OFFENCES, Category.NATIONAL_NUMBER, Category.IDENTITY_DOCUMENT, Category.IMAGE}
)
"""Beside the special categories of GDPR art. 9: what nobody is ever grouped by here."""


def features(declarations: Declared, register: Register) -> Iterator[CheckMessage]:
    """All findings about declared features."""
    for one in declared().values():
        yield from _item(one, register)
        yield from _free_text(one, declarations)


def _item(one: Feature, register: Register) -> Iterator[CheckMessage]:
    item = register.items.get(one.item)
    if item is None or not register.activities[one.activity].active:
        hint = "Name a data item of a running activity."
        yield Error(f"The feature {one.id!r} derives from nothing declared.", hint=hint, id="privacy.E040")
        return
    if item.category.special or item.category in TOO_CLOSE:
        hint = "Nobody is grouped by such data (GDPR art. 9, 10): remove the feature."
        yield Error(
            f"The feature {one.id!r} is of the category {item.category}.", hint=hint, id="privacy.E042"
        )
    readers = [
        activity
        for activity in register.active
        if activity.reads(one.item) and activity.automated_decisions.kind is Automated.PROFILING
    ]
    if not readers:
        hint = f"Name {one.item} under `uses` of the activity that profiles, with its logic and effects."
        yield Error(f"No activity says that it reads {one.id!r}.", hint=hint, id="privacy.E041")


def _free_text(one: Feature, declarations: Declared) -> Iterator[CheckMessage]:
    for entry, name in declarations.columns_of(one.item):
        if isinstance(entry.model_class()._meta.get_field(name), SealedTextField):
            hint = "What people wrote is read by people, not sorted by a program: remove the feature."
            yield Error(f"The feature {one.id!r} reads sealed text.", hint=hint, id="privacy.E043")
