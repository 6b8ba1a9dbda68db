from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import seqlense.kit.identifiers
import seqlense.privacy.sealed.fields

HOLD = ["litigation", "authority", "claim", "investigation", "limited"]
RIGHT = ["access", "rectification", "erasure", "restriction", "portability", "objection", "withdrawal"]
KIND = ["restriction", "objection", "withdrawal"]
GROUND = ["accuracy", "unlawful", "claims", "objection", "situation", "marketing"]
OVERRIDE = ["claims", "security", "fraud", "others"]
BY = ["person", "officer"]


def choices(codes: list[str]) -> list[tuple[str, str]]:
    return [(code, code.capitalize()) for code in codes]


def identifier() -> "models.UUIDField[Any, Any]":
    make = seqlense.kit.identifiers.uuid7
    return models.UUIDField(default=make, editable=False, primary_key=True, serialize=False)


def link(to: str, *, null: bool = False, name: str = "+") -> "models.ForeignKey[Any, Any]":
    gone = django.db.models.deletion.DB_SET_NULL if null else django.db.models.deletion.DB_CASCADE
    return models.ForeignKey(null=null, on_delete=gone, related_name=name, to=to)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0007_log")]

    operations = [
        migrations.AlterField(
            model_name="hold", name="reason", field=models.CharField(choices=choices(HOLD), max_length=20)
        ),
        migrations.AlterField(
            model_name="rightsrequest",
            name="kind",
            field=models.CharField(choices=choices(RIGHT), max_length=20),
        ),
        migrations.CreateModel(
            name="RequestText",
            fields=[
                ("id", identifier()),
                ("by", models.CharField(choices=choices(BY), max_length=10)),
                ("at", models.DateTimeField()),
                ("text", seqlense.privacy.sealed.fields.SealedTextField(max_length=2000)),
                ("request", link("privacy.rightsrequest", name="texts")),
                ("subject", link("privacy.subject")),
            ],
            options={"ordering": ["at"], "abstract": False},
        ),
        migrations.CreateModel(
            name="Switch",
            fields=[
                ("id", identifier()),
                ("kind", models.CharField(choices=choices(KIND), max_length=20)),
                ("activity", models.CharField(max_length=80)),
                ("ground", models.CharField(blank=True, choices=choices(GROUND), default="", max_length=20)),
                ("since", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("accepted", models.BooleanField(null=True)),
                (
                    "override",
                    models.CharField(blank=True, choices=choices(OVERRIDE), default="", max_length=20),
                ),
                ("lifts_at", models.DateTimeField(db_index=True, null=True)),
                ("until", models.DateTimeField(db_index=True, null=True)),
                ("hold", link("privacy.hold", null=True)),
                ("request", link("privacy.rightsrequest", null=True)),
                ("subject", link("privacy.subject")),
            ],
            options={
                "ordering": ["-since"],
                "abstract": False,
                "indexes": [models.Index(fields=["activity", "subject"], name="privacy_switch_barring")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("subject", "activity", "kind"),
                        name="privacy_switch_once",
                    )
                ],
            },
        ),
    ]
