"""That a version of the register begins to run is an act, written by the database with the version's row."""

from django.db import migrations

BEGINS = """
create function privacy_register_begins() returns trigger language plpgsql as $$
begin
    insert into privacy_act (id, at, kind, actor_kind, actor_part, register_version, detail)
        values (gen_random_uuid(), new.running_since, 'privacy.register_started', 'system', 'register',
            new.version, jsonb_build_object('version', new.version));
    return null;
end $$;
create trigger privacy_register_begins after insert on privacy_registerversion
    for each row execute function privacy_register_begins();
insert into privacy_act (id, at, kind, actor_kind, actor_part, register_version, detail)
    select gen_random_uuid(), running_since, 'privacy.register_started', 'system', 'register', version,
        jsonb_build_object('version', version)
    from privacy_registerversion order by running_since;
"""
SILENT = """
drop trigger privacy_register_begins on privacy_registerversion;
drop function privacy_register_begins();
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0010_drill")]

    operations = [migrations.RunSQL(BEGINS, SILENT)]
