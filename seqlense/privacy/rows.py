"""Rows about people: an id before they are saved, whom they are about, columns that open page by page."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.db.models.query import ModelIterable
from django.db.models.signals import class_prepared
from django.dispatch import Signal

from seqlense.kit.identifiers import uuid7
from seqlense.privacy import keystore
from seqlense.privacy.errors import SealedQuery
from seqlense.privacy.keystore import inhand
from seqlense.privacy.sealed.column import SealedField, as_stored, moving_as_stored
from seqlense.privacy.sealed.pages import Page, gathered, gathering

# Sent by bulk_create and bulk_update, for which Django sends no post_save, with `rows`.
rows_written = Signal()


@functools.cache
def sealed_fields(model: type[models.Model]) -> tuple[SealedField, ...]:
    """A model's sealed columns."""
    return tuple(one for one in model._meta.concrete_fields if isinstance(one, SealedField))


@functools.cache
def _activities(model: type[models.Model]) -> frozenset[str]:
    return frozenset(one.activity for one in sealed_fields(model))


class PagedIterable(ModelIterable):  # type: ignore[type-arg]  # generic in the stubs only
    """Rows as Django makes them, those fetched together on one page (select_related's too)."""

    def __iter__(self) -> Iterator[Any]:
        rows = super().__iter__()
        at_once = self.chunk_size if self.chunked_fetch else None
        while True:
            with gathering(Page()):
                chunk = list(islice(rows, at_once))
            yield from chunk
            if at_once is None or len(chunk) < at_once:
                return


class GovernedQuerySet[Row: models.Model](models.QuerySet[Row]):
    """A QuerySet that knows its sealed columns, and refuses what would go wrong silently on them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._iterable_class = PagedIterable

    def update(self, **changes: Any) -> int:
        """As Django's; sealed columns change row by row (save, bulk_update), except to NULL."""
        if not moving_as_stored():
            self._refuse("update", [name for name, value in changes.items() if value is not None])
            self._refuse("update", changes.values())
        return super().update(**changes)

    def values(self, *names: Any, **expressions: Any) -> Any:
        """As Django's, for plain columns."""
        self._refuse("values", [*(names or self._every_column()), *expressions.values()])
        return super().values(*names, **expressions)

    def values_list(self, *names: Any, **options: Any) -> Any:
        """As Django's, for plain columns."""
        self._refuse("values_list", names or self._every_column())
        return super().values_list(*names, **options)

    def order_by(self, *names: Any) -> Self:
        """As Django's, for plain columns."""
        self._refuse("order_by", names)
        return super().order_by(*names)

    def earliest(self, *names: Any) -> Row:
        """As Django's, for plain columns."""
        self._refuse("earliest", names)
        return super().earliest(*names)

    def latest(self, *names: Any) -> Row:
        """As Django's, for plain columns."""
        self._refuse("latest", names)
        return super().latest(*names)

    def distinct(self, *names: str) -> Self:
        """As Django's, for plain columns."""
        self._refuse("distinct", names)
        return super().distinct(*names)

    def annotate(self, *args: Any, **expressions: Any) -> Self:
        """As Django's, over plain columns."""
        self._refuse("annotate", [*args, *expressions.values()])
        return super().annotate(*args, **expressions)

    def alias(self, *args: Any, **expressions: Any) -> Self:
        """As Django's, over plain columns."""
        self._refuse("alias", [*args, *expressions.values()])
        return super().alias(*args, **expressions)

    def aggregate(self, *args: Any, **expressions: Any) -> dict[str, Any]:
        """As Django's, over plain columns."""
        self._refuse("aggregate", [*args, *expressions.values()])
        return super().aggregate(*args, **expressions)

    def bulk_create(self, objs: Iterable[Row], *args: Any, **options: Any) -> list[Row]:
        """As Django's; the keys of all these people come in one go."""
        rows = list(objs)
        _share_keys(rows, sealed_fields(self.model))
        made = super().bulk_create(rows, *args, **options)
        _keep_readable(sealed_fields(self.model), rows)
        rows_written.send(sender=self.model, rows=made)
        return made

    def bulk_update(self, objs: Iterable[Row], fields: Iterable[str], batch_size: int | None = None) -> int:
        """As Django's; sealed columns are sealed anew for each row first."""
        rows, names = list(objs), list(fields)
        sealing = [field for field in sealed_fields(self.model) if field.name in names]
        _share_keys(rows, sealing)
        for row in rows:
            for field in sealing:
                row.__dict__[field.attname] = field.pre_save(row, add=False)
        with as_stored():
            changed = super().bulk_update(rows, names, batch_size)
        if sealing:
            rows_written.send(sender=self.model, rows=rows)
        return changed

    def _every_column(self) -> list[str]:
        return [field.name for field in self.model._meta.concrete_fields]

    def _refuse(self, question: str, asked: Iterable[Any]) -> None:
        for path in _paths(asked):
            field = self._sealed_at(path)
            if field is not None:
                raise SealedQuery(
                    f"{field} is sealed: {question}() can't use it in the database. Read the rows and do it "
                    "in Python; search with privacy.search, find by address with privacy.subjects.find."
                )

    def _sealed_at(self, path: str) -> SealedField | None:
        """The sealed field that a path such as "account__email" ends at."""
        names = path.lstrip("-+?").split(LOOKUP_SEP)
        if names[0] in self.query.annotations:
            return None
        model: Any = self.model
        for name in names:
            field = next(
                (one for one in model._meta.get_fields() if name in (one.name, getattr(one, "attname", ""))),
                None,
            )
            if isinstance(field, SealedField):
                return field
            model = getattr(field, "related_model", None)
            if model is None or isinstance(model, str):
                return None
        return None


def _paths(asked: Iterable[Any]) -> Iterator[str]:
    """Names of columns in names and expressions."""
    for one in asked:
        if isinstance(one, str):
            yield one
        elif isinstance(one, models.F):
            yield str(vars(one)["name"])
        elif hasattr(one, "get_source_expressions"):
            yield from _paths(part for part in one.get_source_expressions() if part is not None)


def _keep_readable(fields: Iterable[SealedField], rows: list[Any]) -> None:
    """Seal new rows again whose key was destroyed between their sealing and their insertion.

    A sweep that found nothing left of a person destroys the key under a lock on the person (`destruction`).
    An inserted row holds the person against that lock until its transaction ends: one more look is enough.
    """
    pairs = {
        (field.subject_of(row), field.activity)
        for row in rows
        for field in fields
        if row.__dict__.get(field.attname) is not None
    }
    lost = pairs - keystore.living(pairs) if pairs else set()
    if not lost:
        return
    inhand.forget()
    for row in rows:
        mine = [
            one
            for one in fields
            if (one.subject_of(row), one.activity) in lost and row.__dict__.get(one.attname)
        ]
        values = {one.attname: getattr(row, one.attname) for one in mine}
        for name, value in values.items():
            del row.__dict__[name]
            setattr(row, name, value)
        if values:
            row.save(update_fields=list(values))


def _share_keys(rows: list[Any], fields: Iterable[SealedField]) -> None:
    """Put rows that are to be written on one page, with the keys of all of them."""
    pairs = {
        (field.subject_of(row), field.activity)
        for row in rows
        for field in fields
        if row.__dict__.get(field.attname) is not None
    }
    if pairs:
        page = Page()
        page.mint(pairs)
        for row in rows:
            row._state.page = page


if TYPE_CHECKING:

    class GovernedManager[Row: models.Model](models.Manager[Row]):
        """Manager of rows about people."""

        def get_queryset(self) -> GovernedQuerySet[Row]: ...

else:

    class GovernedManager(models.Manager.from_queryset(GovernedQuerySet)):
        """Manager of rows about people."""

        def __class_getitem__(cls, row: object) -> type:
            return cls


class SubjectRow(models.Model):
    """A row about a person. `id` exists as soon as the object does; give `subject` before you save it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.DB_CASCADE, related_name="+")

    objects: ClassVar[GovernedManager[Self]] = GovernedManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **how: Any) -> None:
        """As Django's; a new row is readable whatever a sweep did meanwhile."""
        new = self._state.adding
        super().save(*args, **how)
        if new:
            _keep_readable(sealed_fields(type(self)), [self])

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **how: Any) -> Self:
        """As Django's; the row joins the page of those fetched with it."""
        row = super().from_db(db, field_names, values, **how)
        page = gathered()
        if page is not None:
            _join(row, page)
        return row

    def refresh_from_db(
        self, using: str | None = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        """As Django's; sealed columns stay unopened until read."""
        with as_stored():
            super().refresh_from_db(using, fields, from_queryset)
        self._state.page = None  # type: ignore[attr-defined]  # ours, beside Django's


def _join(row: SubjectRow, page: Page) -> None:
    row._state.page = page  # type: ignore[attr-defined]  # ours, beside Django's
    subject = row.__dict__.get("subject_id")
    if subject is not None:
        page.expect(subject, _activities(type(row)))


def _fetch_related_in_pages(sender: type[models.Model], **_: object) -> None:
    """Related rows and refreshes go through the base manager: make it the governed one."""
    if issubclass(sender, SubjectRow) and sender._meta.base_manager_name is None:
        sender._meta.base_manager_name = "objects"


class_prepared.connect(_fetch_related_in_pages, dispatch_uid="seqlense.rows")
