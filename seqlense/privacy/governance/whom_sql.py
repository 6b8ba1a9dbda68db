"""SQL fragments that say whom a governed row is about. Names come from models, values are parameters."""

from django.db import connection, models

from seqlense.privacy import governance
from seqlense.privacy.governance import AnyField, Governed
from seqlense.privacy.governance.rules import Due, parent_of

ROW = "t"
"""Alias of the governed row in every statement."""
PARENT = "parent"
"""Alias of the row that it follows."""


def quoted(name: str) -> str:
    """An identifier, quoted for PostgreSQL, safe inside a statement with %(name)s parameters."""
    return connection.ops.quote_name(name).replace("%", "%%")


def table(model: type[models.Model]) -> str:
    """The quoted table of a model."""
    return quoted(model._meta.db_table)


def key_column(model: type[models.Model]) -> str:
    """The quoted primary-key column of a model."""
    return quoted(pk_of(model).column or "")


def pk_of(model: type[models.Model]) -> AnyField:
    """The primary-key field. Raises TypeError for a table whose key is composite: govern it by its parent."""
    found = model._meta.pk
    if not isinstance(found, models.Field) or not found.column:
        raise TypeError(f"{model._meta.label} has no primary key of one column.")
    return found


def column_of(model: type[models.Model], name: str, alias: str = ROW) -> str:
    """A column by field name, quoted, with its alias. Raises LookupError naming the model and field."""
    found = governance.column(model, name)
    if found is None:
        raise LookupError(f"{model._meta.label} has no column {name!r}.")
    return f"{alias}.{quoted(str(found.column))}"


def about(entry: Governed, subject: str = "%(subject)s::uuid", alias: str = ROW) -> str:
    """Condition: the row is about that subject."""
    if entry.nobody:
        return "false"
    return _about(entry, entry.model_class(), entry.subject.split("__"), subject, alias)


def _about(entry: Governed, model: type[models.Model], path: list[str], subject: str, alias: str) -> str:
    if len(path) == 1:
        wanted = subject if entry.person is None else _person_key(entry, model, path[0], subject)
        return f"{column_of(model, path[0], alias)} = {wanted}"
    related, deeper = _related(model, path[0]), f"{alias}_"
    inner = _about(entry, related, path[1:], subject, deeper)
    return (
        f"{column_of(model, path[0], alias)} in "
        f"(select {deeper}.{key_column(related)} from {table(related)} {deeper} where {inner})"
    )


def _person_key(entry: Governed, model: type[models.Model], name: str, subject: str) -> str:
    found = governance.column(model, name)
    kind = found.db_type(connection) if found is not None else "text"
    return (
        f"(select p.key::{kind} from privacy_person p "
        f"where p.subject_id = {subject} and p.model = '{entry.person}')"
    )


def _related(model: type[models.Model], name: str) -> type[models.Model]:
    found = governance.column(model, name)
    related = getattr(found, "related_model", None)
    if related is None:
        raise LookupError(f"{model._meta.label}.{name} is no foreign key.")
    return related  # type: ignore[no-any-return]  # Django types it loosely


def subject_of(entry: Governed, alias: str = ROW) -> str:
    """Expression: the subject that a row is about, null where its person has none yet, or it has none."""
    if entry.nobody:
        return "null::uuid"
    return _subject_of(entry, entry.model_class(), entry.subject.split("__"), alias)


def _subject_of(entry: Governed, model: type[models.Model], path: list[str], alias: str) -> str:
    here = column_of(model, path[0], alias)
    if len(path) > 1:
        related, deeper = _related(model, path[0]), f"{alias}_"
        inner = _subject_of(entry, related, path[1:], deeper)
        return (
            f"(select {inner} from {table(related)} {deeper} where {deeper}.{key_column(related)} = {here})"
        )
    if entry.person is None:
        return here
    person = f"p.key = {here}::text and p.model = '{entry.person}'"
    return f"(select p.subject_id from privacy_person p where {person})"


def source(entry: Governed) -> str:
    """FROM clause: the governed table, with the row that it follows where it follows one."""
    model = entry.model_class()
    parent = parent_of(entry)
    if parent is None or entry.follows is None:
        return f"{table(model)} {ROW}"
    above = parent.model_class()
    return (
        f"{table(model)} {ROW} left join {table(above)} {PARENT} "
        f"on {PARENT}.{key_column(above)} = {column_of(model, entry.follows)}"
    )


def happened(due: Due) -> str:
    """Expression: when the event of a rule happened, as a moment; null before."""
    return f"({PARENT if due.of_parent else ROW}.{quoted(due.column)})::timestamptz"


def clearing(field: AnyField) -> str | None:
    """The SQL value that empties a column; None where it can't be empty."""
    if field.null:
        return "null"
    if isinstance(field, models.CharField | models.TextField):
        return "''"
    return None
