"""Drills: what they found, in counts."""

from django.db import migrations, models

import seqlense.kit.identifiers


class Migration(migrations.Migration):
    dependencies = [("privacy", "0009_restoration")]

    operations = [
        migrations.CreateModel(
            name="Drill",
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
                ("at", models.DateTimeField(db_index=True)),
                ("epoch", models.PositiveIntegerField()),
                ("living", models.PositiveIntegerField(default=0)),
                ("unreadable", models.PositiveIntegerField(default=0)),
                ("keys", models.PositiveIntegerField(default=0)),
                ("broken", models.PositiveIntegerField(default=0)),
                ("erased", models.PositiveIntegerField(default=0)),
                ("readable", models.PositiveIntegerField(default=0)),
                ("probe", models.UUIDField(null=True)),
                ("probe_epoch", models.PositiveIntegerField(default=0)),
                ("probe_key", models.BinaryField(default=b"")),
                ("probe_value", models.BinaryField(default=b"")),
            ],
            options={"ordering": ["-at", "-id"]},
        ),
    ]
