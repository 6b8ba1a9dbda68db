"""Whether anybody else works on this database just now: a sweep gives way to them.

Asked as the owner, who may see what the product's other connections do. Where a server shows less, nobody is
seen, and a sweep rests as little as when it is alone.
"""

from django.db import migrations

SEEN = """
create function privacy_others_at_work() returns boolean language sql stable security definer
    set search_path = pg_catalog as $$
select exists (
    select from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
        and (state in ('active', 'idle in transaction') or state_change > clock_timestamp() - interval '20 ms')
)
$$;
"""
UNSEEN = "drop function privacy_others_at_work();"


class Migration(migrations.Migration):
    dependencies = [("privacy", "0011_register_acts")]

    operations = [migrations.RunSQL(SEEN, UNSEEN)]
