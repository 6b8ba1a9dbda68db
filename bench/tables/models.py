"""Ten tables about people, alike: three sealed columns and two plain ones, as a room would have them."""

from typing import Any

from django.db import models

from seqlense.privacy.rows import SubjectRow
from seqlense.privacy.sealed import SealedTextField

HOW_MANY = 10


class Record(SubjectRow):
    name = SealedTextField()
    address = SealedTextField()
    note = SealedTextField()
    amount = models.IntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        abstract = True
        app_label = "tables"


def _table(number: int) -> type[Record]:
    meta: Any = type("Meta", (Record.Meta,), {"app_label": "tables", "db_table": f"tables_{number}"})
    return type(f"Record{number}", (Record,), {"__module__": __name__, "Meta": meta})


class Event(Record):
    """What a log keeps: an activity of one table."""

    class Meta(Record.Meta):
        app_label = "tables"
        db_table = "tables_event"


class Watched(Record):
    """The same, of another activity."""

    class Meta(Record.Meta):
        app_label = "tables"
        db_table = "tables_watched"


class Bare(Record):
    """The same, for deleting by hand."""

    class Meta(Record.Meta):
        app_label = "tables"
        db_table = "tables_bare"


TABLES: list[type[Record]] = [_table(number) for number in range(HOW_MANY)]
