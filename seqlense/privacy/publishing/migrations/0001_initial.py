"""Published versions, and who was told and answered; a version is written once and never changed."""

import django.db.models.deletion
from django.db import migrations, models

import seqlense.kit.identifiers
import seqlense.privacy.records

REFUSE = """
create function publishing_noticeversion_stays() returns trigger language plpgsql as $$
begin
    raise exception 'published versions are never changed or deleted' using errcode = 'restrict_violation';
end $$;
create trigger publishing_noticeversion_stays before update or delete on publishing_noticeversion
    for each statement execute function publishing_noticeversion_stays();
"""
ALLOW = """
drop trigger publishing_noticeversion_stays on publishing_noticeversion;
drop function publishing_noticeversion_stays();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("privacy", "0011_register_acts"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeVersion",
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
                ("number", models.PositiveIntegerField(unique=True)),
                ("register_version", models.CharField(max_length=128)),
                ("content_hash", models.CharField(max_length=64)),
                ("documents", models.JSONField()),
                ("difference", models.JSONField(default=dict)),
                ("explanation", models.JSONField(default=dict)),
                ("concerned", models.PositiveIntegerField(default=0)),
                ("published_at", models.DateTimeField(db_index=True)),
                ("effective_from", models.DateField()),
                ("published_by", models.UUIDField(null=True)),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        primary_key=True,
                        related_name="telling",
                        serialize=False,
                        to="publishing.noticeversion",
                    ),
                ),
                ("activities", seqlense.privacy.records.ListOf("text")),
                ("banner", models.BooleanField()),
                ("mail", models.BooleanField()),
                ("last", models.UUIDField(null=True)),
                ("looked", models.PositiveIntegerField(default=0)),
                ("posted", models.PositiveIntegerField(default=0)),
                ("moved_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(db_index=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Acknowledgement",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("read", "Read"), ("accepted", "Accepted"), ("refused", "Refused")],
                        max_length=10,
                    ),
                ),
                ("activity", models.CharField(blank=True, default="", max_length=80)),
                ("at", models.DateTimeField(db_index=True)),
                ("language", models.CharField(max_length=10)),
                ("shown", models.CharField(max_length=64)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE, related_name="+", to="privacy.subject"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="+",
                        to="publishing.noticeversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "version", "activity"), name="publishing_acknowledgement_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Told",
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
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE, related_name="+", to="privacy.subject"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="+",
                        to="publishing.noticeversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "version"), name="publishing_told_once")
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
