from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Vault",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("installation", models.UUIDField()),
                ("epoch", models.PositiveIntegerField()),
                ("retiring", models.PositiveIntegerField(null=True)),
                ("index_key", models.BinaryField()),
                ("index_epoch", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "keystore_vault",
            },
        ),
        migrations.CreateModel(
            name="DataKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id",
                        "activity",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("activity", models.CharField(max_length=80)),
                ("epoch", models.PositiveIntegerField()),
                ("wrapped", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Handle",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind", "digest", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("digest", models.BinaryField()),
                ("subject_id", models.UUIDField(db_index=True)),
            ],
        ),
        # Made here, but left alone by Django from then on: emptying the database between tests keeps it.
        migrations.AlterModelOptions(name="Vault", options={"managed": False}),
    ]
