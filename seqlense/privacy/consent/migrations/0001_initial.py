"""Receipts are written once: the database gives each its entry of the log, and refuses to change it."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import seqlense.kit.identifiers

TRIGGERS = """
create function consent_receipt_content(one consent_receipt) returns text language sql stable as $$
    -- In the form of a proof row, so that whoever checks those checks receipts as well.
    select jsonb_build_object(
        'format', 'seqlense-act/1', 'id', one.id, 'kind', 'consent.receipt',
        'at', to_char(one.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'actor', case when one.subject_id is null then 'visitor' else 'person' end, 'part', '',
        'by', one.subject_id, 'subject', one.subject_id, 'register', one.register_version,
        'detail', jsonb_build_object(
            'kind', one.kind, 'purpose', one.purpose, 'answers', one.answers, 'how', one.how,
            'shown', one.shown, 'language', one.language, 'previous', one.previous))::text;
$$;

create function consent_receipt_leaf() returns trigger language plpgsql as $$
declare
    drawn bytea;
begin
    if new.salt ~ '^[0-9a-f]{64}$' then
        drawn := decode(new.salt, 'hex');
    else
        drawn := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
        new.salt := encode(drawn, 'hex');
    end if;
    insert into privacy_leaf (act, digest)
        values (new.id, sha256(drawn || convert_to(consent_receipt_content(new), 'UTF8')));
    return new;
end $$;
create trigger consent_receipt_leaf before insert on consent_receipt
    for each row execute function consent_receipt_leaf();

create function consent_receipt_stays() returns trigger language plpgsql as $$
begin
    raise exception 'receipts of consent are never changed' using errcode = 'restrict_violation';
end $$;
create trigger consent_receipt_stays before update on consent_receipt for each row
    when ((to_jsonb(new) - 'ended_at') <> (to_jsonb(old) - 'ended_at')
        or new.ended_at is null or new.ended_at > old.ended_at)
    execute function consent_receipt_stays();
"""
NO_TRIGGERS = """
drop trigger consent_receipt_stays on consent_receipt;
drop function consent_receipt_stays();
drop trigger consent_receipt_leaf on consent_receipt;
drop function consent_receipt_leaf();
drop function consent_receipt_content(consent_receipt);
"""


def _role(editor: Any) -> str | None:
    """The application's role, where the project has roles and the database knows them."""
    role = (
        getattr(settings, "SEQLENSE_APP_ROLE", "")
        if getattr(settings, "SEQLENSE_MAINTENANCE_ROLE", "")
        else ""
    )
    if editor.connection.vendor != "postgresql" or not role:
        return None
    with editor.connection.cursor() as cursor:
        cursor.execute("select quote_ident(rolname) from pg_roles where rolname = %s", [role])
        found = cursor.fetchone()
    return found[0] if found else None


def close(apps: Any, editor: Any) -> None:
    """Receipts go by the sweep and by erasures alone, which work in the maintenance role."""
    if (role := _role(editor)) is not None:
        editor.execute(f"revoke update, delete on consent_receipt from {role}")
        editor.execute(f"grant update (ended_at) on consent_receipt to {role}")


def reopen(apps: Any, editor: Any) -> None:
    if (role := _role(editor)) is not None:
        editor.execute(f"grant update, delete on consent_receipt to {role}")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("privacy", "0011_register_acts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Display",
            fields=[
                ("hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("language", models.CharField(max_length=2)),
                ("texts", models.JSONField(default=dict)),
                ("code", models.CharField(max_length=64)),
                ("register_version", models.CharField(max_length=128)),
                ("since", models.DateTimeField(db_index=True)),
            ],
            options={
                "ordering": ["-since"],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("theme", models.CharField(choices=[("light", "Light"), ("dark", "Dark")], max_length=5)),
                ("png", models.BinaryField()),
                ("taken_at", models.DateTimeField()),
                (
                    "display",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="pictures",
                        to="consent.display",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("display", "theme"), name="consent_picture_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
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
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("choice", "Choice"), ("given", "Given"), ("withdrawn", "Withdrawn")],
                        max_length=10,
                    ),
                ),
                ("purpose", models.CharField(blank=True, default="", max_length=64)),
                ("answers", models.JSONField(default=dict)),
                ("how", models.CharField(max_length=20)),
                ("shown", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=2)),
                ("register_version", models.CharField(max_length=128)),
                ("previous", models.UUIDField(null=True)),
                ("salt", models.CharField(blank=True, default="", max_length=64)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="+",
                        to="privacy.subject",
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("subject__isnull", False)),
                        fields=["subject"],
                        name="consent_receipt_subject",
                    ),
                    models.Index(fields=["ended_at"], name="consent_receipt_ended"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("kind", "given")),
                        fields=("subject", "purpose"),
                        name="consent_receipt_standing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sharing",
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
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(db_index=True, null=True)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE, related_name="+", to="privacy.subject"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("subject",), name="consent_sharing_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunPython(close, reopen),
    ]
