"""Restores, and how far what was done since has been done again."""

from django.db import migrations, models

import seqlense.kit.identifiers


class Migration(migrations.Migration):
    dependencies = [("privacy", "0008_switches")]

    operations = [
        migrations.CreateModel(
            name="Restoration",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=seqlense.kit.identifiers.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("backup", models.CharField(blank=True, default="", max_length=100)),
                ("taken_at", models.DateTimeField(null=True)),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("reached", models.BigIntegerField()),
                ("report", models.JSONField(default=dict)),
            ],
            options={"db_table": "privacy_restoration", "ordering": ["-begun_at"]},
        ),
    ]
