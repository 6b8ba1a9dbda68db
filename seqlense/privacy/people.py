"""People of the project's own model ("auth.User"), as subjects: for rows without a subject column."""

from datetime import datetime
from uuid import UUID

from django.db import models, transaction

from seqlense.privacy import subjects
from seqlense.privacy.models import Subject
from seqlense.privacy.records import Person


def find(person: models.Model) -> UUID | None:
    """The subject that a person is, or None while nobody has asked."""
    return (
        Person.objects.filter(model=person._meta.label_lower, key=str(person.pk))
        .values_list("subject_id", flat=True)
        .first()
    )


@transaction.atomic
def subject_of(person: models.Model, *, now: datetime) -> UUID:
    """The subject that a person is; from the first question on, the same. Two at once get the same one."""
    found = find(person)
    if found is not None:
        return found
    new = subjects.create(now=now)
    linked, mine = Person.objects.get_or_create(
        model=person._meta.label_lower, key=str(person.pk), defaults={"subject_id": new}
    )
    if not mine:
        Subject.objects.filter(pk=new).delete()
    return linked.subject_id
