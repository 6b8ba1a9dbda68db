"""The database that a backup goes into: what is in it, emptying it, and the mark that locks it."""

from datetime import datetime
from typing import Any, Final

import psycopg

from seqlense.privacy.restoring.marker import MARKER

type Connection = psycopg.Connection[tuple[Any, ...]]

_OURS: Final = (
    "n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and not exists (select from pg_depend d "
    "where d.objid = o.oid and d.deptype in ('e', 'i'))"
)
_RELATIONS: Final = (
    "from pg_class o join pg_namespace n on n.oid = o.relnamespace "
    f"where o.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and {_OURS}"
)
_DROPS: Final = (
    # A name is written out before the first thing goes: what goes along with it is skipped then.
    "select format('drop %s if exists %s cascade', case o.relkind when 'v' then 'view' "
    "when 'm' then 'materialized view' when 'S' then 'sequence' when 'f' then 'foreign table' "
    f"else 'table' end, o.oid::regclass) {_RELATIONS}",
    "select format('drop routine if exists %s cascade', o.oid::regprocedure) from pg_proc o "
    f"join pg_namespace n on n.oid = o.pronamespace where {_OURS}",
    "select format('drop type if exists %s cascade', o.oid::regtype) from pg_type o "
    "join pg_namespace n on n.oid = o.typnamespace left join pg_class c on c.oid = o.typrelid "
    f"where (o.typtype in ('e', 'd', 'r') or c.relkind = 'c') and {_OURS}",
    "select format('drop schema if exists %I cascade', n.nspname) from pg_namespace n "
    "where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public') and not exists "
    "(select from pg_depend d where d.objid = n.oid and d.deptype = 'e')",
    # What the owner's new tables are open to by default would open restored ones that were closed.
    "select format('alter default privileges for role %I%s revoke all on %s from %s', current_user, "
    "case when n.nspname is null then '' else format(' in schema %I', n.nspname) end, "
    "case a.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'routines' "
    "when 'T' then 'types' else 'schemas' end, "
    "case when x.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end) "
    "from pg_default_acl a left join pg_namespace n on n.oid = a.defaclnamespace, aclexplode(a.defaclacl) x "
    "where a.defaclrole = (select oid from pg_roles where rolname = current_user) "
    "and x.grantee <> a.defaclrole",
)


def holds(line: Connection) -> int:
    """How many tables and the like there are, but for the mark."""
    found = line.execute(f"select count(*) {_RELATIONS} and o.relname <> '{MARKER}'").fetchone()
    return int(found[0]) if found else 0


def major(line: Connection) -> int:
    """Major version of the server."""
    return line.info.server_version // 10_000


def make_ready(line: Connection, *, backup: str, taken_at: datetime, now: datetime) -> None:
    """Empty the database and lock it, both or neither; whoever works in it is cut off."""
    line.execute(_CUT_OFF)
    with line.transaction():
        for statement in _DROPS:
            for (drop,) in line.execute(statement).fetchall():
                line.execute(drop)
        line.execute(
            f"create table public.{MARKER} "
            "(backup text not null, taken_at timestamptz not null, begun_at timestamptz not null)"
        )
        line.execute(f"insert into public.{MARKER} values (%s, %s, %s)", [backup, taken_at, now])
        line.execute(f"grant select on public.{MARKER} to public")
    line.execute(_CUT_OFF)  # also who came in between, and hasn't seen the mark


_CUT_OFF: Final = (
    "select pg_terminate_backend(pid) from pg_stat_activity "
    "where datname = current_database() and usename = current_user and pid <> pg_backend_pid()"
)
