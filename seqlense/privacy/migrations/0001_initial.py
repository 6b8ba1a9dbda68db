import django.db.models.deletion
from django.db import migrations, models

import seqlense.kit.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("installation", models.UUIDField()),
            ],
            options={
                "db_table": "privacy_installation",
            },
        ),
        migrations.CreateModel(
            name="Subject",
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
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SearchChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("model", models.CharField(max_length=100)),
                ("row_id", models.UUIDField()),
                ("writer", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "subject",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="+",
                        to="privacy.subject",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="SearchChange",
            index=models.Index(fields=["model", "writer"], name="privacy_searchchange_new"),
        ),
        # Made here, but left alone by Django from then on: emptying the database between tests keeps it.
        migrations.AlterModelOptions(name="Installation", options={"managed": False}),
    ]
