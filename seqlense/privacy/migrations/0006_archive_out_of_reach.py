"""What is archived is read and written in the maintenance role alone."""

from typing import Any

from django.conf import settings
from django.db import migrations

RIGHTS = "select, insert, update, delete"


def _roles(editor: Any) -> list[str]:
    """The application's role, where the project has roles and the database knows them."""
    role = (
        getattr(settings, "SEQLENSE_APP_ROLE", "")
        if getattr(settings, "SEQLENSE_MAINTENANCE_ROLE", "")
        else ""
    )
    if editor.connection.vendor != "postgresql" or not role:
        return []
    with editor.connection.cursor() as cursor:
        cursor.execute("select quote_ident(rolname) from pg_roles where rolname = %s", [role])
        return [row[0] for row in cursor.fetchall()]


def close(apps: Any, editor: Any) -> None:
    for role in _roles(editor):
        editor.execute(f"revoke {RIGHTS} on privacy_archived from {role}")


def reopen(apps: Any, editor: Any) -> None:
    for role in _roles(editor):
        editor.execute(f"grant {RIGHTS} on privacy_archived to {role}")


class Migration(migrations.Migration):
    dependencies = [("privacy", "0005_uncompressed_requests")]

    operations = [migrations.RunPython(close, reopen)]
