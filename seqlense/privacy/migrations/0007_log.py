"""Each proof row gets a leaf of the transparency log, by the database itself, whatever statement writes it."""

from django.db import migrations, models

TRIGGERS = """
create function privacy_act_content(one privacy_act) returns text language plpgsql stable as $$
begin
    -- The text whose digest the log holds: jsonb orders keys and spaces in one way for ever.
    return jsonb_build_object(
        'format', 'seqlense-act/1', 'id', one.id, 'kind', one.kind,
        'at', to_char(one.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'actor', one.actor_kind, 'part', one.actor_part, 'by', one.actor_subject,
        'subject', one.subject, 'register', one.register_version, 'detail', one.detail)::text;
end $$;

create function privacy_act_leaf() returns trigger language plpgsql as $$
declare
    drawn bytea := coalesce(new.salt, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
begin
    insert into privacy_leaf (act, digest)
        values (new.id, sha256(drawn || convert_to(privacy_act_content(new), 'UTF8')));
    new.salt := case when new.opening is null then drawn end;
    return new;
end $$;
create trigger privacy_act_leaf before insert on privacy_act
    for each row execute function privacy_act_leaf();

create function privacy_leaf_stays() returns trigger language plpgsql as $$
begin
    raise exception 'leaves of the log are never changed or deleted' using errcode = 'restrict_violation';
end $$;
create trigger privacy_leaf_stays before delete on privacy_leaf
    for each statement execute function privacy_leaf_stays();
create trigger privacy_leaf_keeps before update on privacy_leaf for each row
    when (new.id <> old.id or new.digest <> old.digest or new.act is distinct from old.act
        or (old.index is not null and new.index is distinct from old.index)
        or (old.sealed_at is not null and new.sealed_at is distinct from old.sealed_at))
    execute function privacy_leaf_stays();
"""
NO_TRIGGERS = """
drop trigger privacy_leaf_keeps on privacy_leaf;
drop trigger privacy_leaf_stays on privacy_leaf;
drop function privacy_leaf_stays();
drop trigger privacy_act_leaf on privacy_act;
drop function privacy_act_leaf();
drop function privacy_act_content(privacy_act);
"""
# Acts from before: of those about a person, nobody keeps the salt.
LEAVES = """
alter table privacy_act disable trigger privacy_act_stays;
update privacy_act set
    salt = case when subject is null then uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) end,
    opening = case when subject is not null then ''::bytea end;
alter table privacy_act enable trigger privacy_act_stays;
insert into privacy_leaf (act, digest)
    select id, sha256(
        coalesce(salt, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
        || convert_to(privacy_act_content(privacy_act), 'UTF8'))
    from privacy_act order by at, id;
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0006_archive_out_of_reach")]

    operations = [
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("act", models.UUIDField(null=True, unique=True)),
                ("digest", models.BinaryField()),
                ("index", models.BigIntegerField(null=True, unique=True)),
                ("sealed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sealed_at__isnull", True)),
                        fields=["id"],
                        name="privacy_leaf_unsealed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LogHead",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(model_name="act", name="salt", field=models.BinaryField(null=True)),
        migrations.AddField(model_name="act", name="opening", field=models.BinaryField(null=True)),
        migrations.AddField(
            model_name="rightsrequest",
            name="proof",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(LEAVES, migrations.RunSQL.noop),
    ]
