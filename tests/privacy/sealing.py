"""Two models with sealed columns for the kernel's own tests, in no installed app, and their tables."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, models

from seqlense.kit.clock import now
from seqlense.privacy import subjects
from seqlense.privacy.rows import SubjectRow
from seqlense.privacy.sealed import SealedDateField, SealedEmailField, SealedJSONField, SealedTextField

ACTIVITIES = {"likes": "marketing", "born": "marketing"}  # the others: "accounts"


class Diary(SubjectRow):
    name = SealedTextField(blank=True, default="", max_length=40)
    email = SealedEmailField(null=True)
    likes = SealedJSONField(null=True)
    born = SealedDateField(null=True)
    language = models.CharField(max_length=2, default="fr")

    class Meta:
        app_label = "sealing"


class Entry(SubjectRow):
    diary = models.ForeignKey(Diary, on_delete=models.DB_CASCADE, related_name="entries")
    text = SealedTextField(default="")

    class Meta:
        app_label = "sealing"


class Shelf(models.Model):
    """Governed by nobody; it only points at one."""

    diary = models.ForeignKey(Diary, on_delete=models.DB_CASCADE)

    objects: ClassVar[models.Manager["Shelf"]] = models.Manager()

    class Meta:
        app_label = "sealing"


def activity_of(model: type[models.Model], field_name: str) -> str:
    """What governance would say of these models."""
    return ACTIVITIES.get(field_name, "accounts")


def create_tables() -> None:
    """The models' tables, in the test's transaction and so until its end; as the owner, as migrations do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), set_config('role', 'none', true)")
        role = cursor.fetchone()
    with connection.schema_editor() as editor:
        for model in (Diary, Entry, Shelf):
            editor.create_model(model)
    assert role is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role[0]])


def person() -> UUID:
    """A new subject."""
    return subjects.create(now=now())


def diary(**values: Any) -> Diary:
    """A saved row about a new person, unless `subject_id` says whom."""
    values.setdefault("subject_id", person())
    return Diary.objects.create(**values)


def stored(row: models.Model, column: str) -> bytes | None:
    """What lies in the database."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        found = cursor.fetchone()
    assert found is not None
    return None if found[0] is None else bytes(found[0])
