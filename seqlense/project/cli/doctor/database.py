"""PostgreSQL: version, tables, roles, row security, guarded proof rows, and a log that keeps no values."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from seqlense.organisations.tenancy import TenantRow
from seqlense.project.cli.doctor.finding import Finding, fault, fine, note, warning
from seqlense.project.cli.speech import gettext as _

NEEDS_DATABASE = True
OLDEST: Final = 15
# What would let values of statements into the server's log.
SILENT: Final = {
    "log_error_verbosity": ("terse",),
    "log_min_error_statement": ("panic", "fatal"),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_parameter_max_length_on_error": ("0",),
}
REMEDY: Final = "python -m seqlense.project.preparing"


def examine(now: datetime) -> Iterator[Finding]:
    yield _version()
    yield from _tables()
    yield from _roles()
    yield from _walls()
    yield _proofs()
    yield from _log()
    yield from _line()


def _ask(statement: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or [])
        return list(cursor.fetchall())


def _version() -> Finding:
    number = int(_ask("SELECT current_setting('server_version_num')")[0][0]) // 10_000
    if number < OLDEST:
        message = _("PostgreSQL {n} is too old.").format(n=number)
        return fault("database.version", message, _("Use PostgreSQL {n} or later.").format(n=OLDEST))
    return fine("database.version", _("PostgreSQL {n} answers.").format(n=number))


def _tables() -> Iterator[Finding]:
    for alias in connections:
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            message = _("{n} migrations wait on {alias}.").format(n=len(plan), alias=alias)
            yield fault(f"database.tables.{alias}", message, _("Run: {command}").format(command=REMEDY))
        else:
            yield fine(
                f"database.tables.{alias}", _("The tables of {alias} are up to date.").format(alias=alias)
            )


def _roles() -> Iterator[Finding]:
    ((role, superuser, bypass),) = _ask(
        "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    if superuser or bypass or role != settings.SEQLENSE_APP_ROLE:
        message = _("The process works as {role}, which row security may not bind.").format(role=role)
        hint = _("It must work as {role}: no superuser, no BYPASSRLS.").format(
            role=settings.SEQLENSE_APP_ROLE
        )
        yield fault("database.role", message, hint)
    else:
        yield fine(
            "database.role", _("The process works as {role}, bound by row security.").format(role=role)
        )
    maintenance = settings.SEQLENSE_MAINTENANCE_ROLE
    found = _ask(
        "SELECT rolbypassrls, pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = %s",
        [maintenance],
    )
    if found != [(True, True)]:
        message = _("The role {role} is missing, bound by row security, or not ours to take.")
        yield fault(
            "database.maintenance",
            message.format(role=maintenance),
            _("Run: {command}").format(command=REMEDY),
        )


def _walls() -> Iterator[Finding]:
    tenants = sorted(one._meta.db_table for one in apps.get_models() if issubclass(one, TenantRow))
    found = {
        str(name): forced
        for name, forced in _ask(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AND EXISTS"
            " (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid) FROM pg_class c"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(%s)",
            [tenants],
        )
    }
    open_ = [name for name in tenants if not found.get(name)]
    if open_:
        message = _("Row security isn't forced on: {tables}.").format(tables=", ".join(open_))
        yield fault("database.walls", message, _("Run the migrations; nothing else may alter these tables."))
    else:
        message = _("Row security is forced on all {n} tables of organisations.").format(n=len(tenants))
        yield fine("database.walls", message)


def _proofs() -> Finding:
    wanted = ["privacy_act_stays", "privacy_act_leaf", "privacy_leaf_stays", "privacy_leaf_keeps"]
    found = _ask(
        "SELECT tgname FROM pg_trigger WHERE tgname = ANY(%s) AND tgenabled <> 'D'"
        " AND tgrelid IN (to_regclass('privacy_act'), to_regclass('privacy_leaf'))",
        [wanted],
    )
    missing = [name for name in wanted if (name,) not in found]
    if missing:
        hint = _("Run the migrations; find out who dropped or disabled the trigger {name}.")
        message = _("Proof rows can be changed or deleted, or leave no trace in the log.")
        return fault("database.proofs", message, hint.format(name=missing[0]))
    return fine("database.proofs", _("Proof rows can't be changed or deleted."))


def _log() -> Iterator[Finding]:
    telling = [
        f"{name} = {value}"
        for name, value in _ask("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(SILENT)])
        if value not in SILENT[name]
    ]
    if telling:
        message = _("The server's log may quote people's data: {settings}.").format(
            settings=", ".join(telling)
        )
        yield warning("database.log", message, _("Set them as docs/operator.md says, under PostgreSQL."))
    else:
        yield fine("database.log", _("The server's log keeps no values."))


def _line() -> Iterator[Finding]:
    host = str(connection.settings_dict["HOST"] or "")
    if not host or host.startswith("/") or host in ("localhost", "127.0.0.1", "::1"):
        yield note("database.line", _("The database is on this machine."))
    elif _ask("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") != [(True,)]:
        hint = _("Add ?sslmode=verify-full to DATABASE_URL.")
        yield fault("database.line", _("The line to the database isn't encrypted."), hint)
    else:
        yield fine("database.line", _("The line to the database is encrypted."))
