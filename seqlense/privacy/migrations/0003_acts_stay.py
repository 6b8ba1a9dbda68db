"""Proof rows are written, never changed: the database itself refuses."""

from django.db import migrations

REFUSE = """
create function privacy_act_stays() returns trigger language plpgsql as $$
begin
    raise exception 'proof rows are never changed or deleted' using errcode = 'restrict_violation';
end $$;
create trigger privacy_act_stays before update or delete on privacy_act
    for each statement execute function privacy_act_stays();
"""
ALLOW = "drop trigger privacy_act_stays on privacy_act; drop function privacy_act_stays();"


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_records")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
