"""Lists of random ids don't shrink: PostgreSQL needn't try."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("privacy", "0004_destruction_erased")]

    operations = [
        migrations.RunSQL(
            "alter table privacy_keydestruction alter column subjects set storage external",
            "alter table privacy_keydestruction alter column subjects set storage extended",
        )
    ]
