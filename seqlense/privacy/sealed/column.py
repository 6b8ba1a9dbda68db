"""What every sealed column does: seal on save, open on first read, refuse what ciphertext can't answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn
from uuid import UUID

from django.core import checks
from django.db import models
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import cached_property

from seqlense.privacy import governance
from seqlense.privacy.errors import Erased, SealBroken, SealedQuery, Unsealable
from seqlense.privacy.sealed import veils
from seqlense.privacy.sealed.pages import Page

if TYPE_CHECKING:
    from seqlense.privacy.keystore.envelope import Key

_BOUND = b"seqlense sealed column\x00"
_MISSING = object()
_as_stored: ContextVar[bool] = ContextVar("seqlense_as_stored", default=False)


@contextmanager
def as_stored() -> Iterator[None]:
    """In the block, a sealed attribute that wasn't opened yet gives its ciphertext: to move it unopened."""
    token = _as_stored.set(True)
    try:
        yield
    finally:
        _as_stored.reset(token)


def moving_as_stored() -> bool:
    """Whether ciphertext is being moved unopened."""
    return _as_stored.get()


def page_of(row: models.Model) -> Page:
    """The page a row belongs to; a page of its own if it was fetched or made alone."""
    page = getattr(row._state, "page", None)
    if page is None:
        page = row._state.page = Page()  # type: ignore[attr-defined]  # ours to keep there: it dies with the row
    return page


class _Opened:
    """A value in clear, within its row's `__dict__`. It never prints, and pickles sealed or not at all.

    encoded, sealed: what it was opened from or last sealed as; None for one just assigned.
    """

    __slots__ = ("encoded", "field", "sealed", "value")

    def __init__(
        self, field: SealedField, value: Any, encoded: bytes | None = None, sealed: bytes | None = None
    ) -> None:
        self.field = field
        self.value = value
        self.encoded = encoded
        self.sealed = sealed

    def __repr__(self) -> str:
        return "<sealed>"

    def __copy__(self) -> _Opened:
        return _Opened(self.field, self.value, self.encoded, self.sealed)

    def __deepcopy__(self, memo: dict[int, object]) -> _Opened:
        return _Opened(self.field, _deep(self.value), self.encoded, self.sealed)

    def __reduce__(self) -> tuple[type[bytes], tuple[bytes]]:
        if self.sealed is None or self.field.encode(self.value) != self.encoded:
            raise Unsealable("A row with unsaved sealed values isn't pickled: save it first.")
        return bytes, (self.sealed,)


def _deep(value: Any) -> Any:
    """A copy of what JSON can hold."""
    if isinstance(value, dict):
        return {name: _deep(one) for name, one in value.items()}
    return [_deep(one) for one in value] if isinstance(value, list) else value


class SealedAttribute(DeferredAttribute):
    """Opens on first read; keeps what was read or assigned, in clear, in the row."""

    field: SealedField

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        held = instance.__dict__.get(self.field.attname, _MISSING)
        if type(held) is _Opened:
            return held.value
        if held is _MISSING:
            held = super().__get__(instance, cls)
        if held is None or _as_stored.get():
            return held
        if (veil := veils.drawn()) is not None and self._hides(veil, instance):
            return self.field.veiled
        return self.open(instance, bytes(held)).value

    def _hides(self, veil: veils.Veil, instance: models.Model) -> bool:
        subject = instance.__dict__.get("subject_id") or self.field.subject_of(instance)
        return veil.hides(subject, self.field.activity, page_of(instance).people)

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Assign a value in clear, or (bytes) a ciphertext as the database gave it."""
        name, data = self.field.attname, instance.__dict__
        if value is None or isinstance(value, bytes | memoryview | models.Expression):
            data[name] = value
            return
        held = data.get(name)
        if type(held) is _Opened:
            held.value = value
        else:
            data[name] = _Opened(self.field, value)

    def open(self, instance: models.Model, sealed: bytes) -> _Opened:
        """Decrypt and keep. Raises Erased, SealBroken or a KeystoreError."""
        field, data = self.field, instance.__dict__
        subject = data.get("subject_id") or field.subject_of(instance)
        key = page_of(instance).key(subject, field.activity)
        if key is None:
            raise Erased(f"{field} can't be read: the key of that person and activity was destroyed.")
        encoded = field.unseal(sealed, row=data[field.key_name], key=key)
        opened = data[field.attname] = _Opened(field, field.decode(encoded), encoded, sealed)
        return opened

    def fetch_one(self, instance: models.Model) -> None:
        """Load a deferred value, unopened."""
        self.fetch_many([instance])

    def fetch_many(self, instances: Iterable[models.Model]) -> None:
        """Load a deferred value of several rows, unopened."""
        name = self.field.attname
        missing = {row.pk: row for row in instances if name not in row.__dict__}
        database = next((row._state.db for row in missing.values()), None)
        rows: models.QuerySet[models.Model] = models.QuerySet(self.field.model, using=database)
        for key, sealed in rows.filter(pk__in=list(missing)).values_list("pk", name):
            missing[key].__dict__[name] = sealed


def _refuse(field: object, question: str) -> NoReturn:
    raise SealedQuery(
        f"{field} is sealed: the database can't answer {question!r} on it. Find people by address with "
        "privacy.subjects.find, by name with privacy.search, or read the rows and compare in Python."
    )


class _OnlyNull(Exact):
    """`column=None`, which Django turns into `isnull`; no other equality."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs is not None:
            _refuse(lhs.output_field, "exact")
        super().__init__(lhs, rhs)


if TYPE_CHECKING:

    class _Field[Set, Get](models.Field[Set, Get]):
        """Django's field, which takes no type parameters when it runs."""

else:

    class _Field[Set, Get](models.Field):
        """Django's field."""


class SealedField[Set = Any, Get = Any](_Field[Set, Get]):
    """What all sealed fields share. Values are encrypted as it says above; NULL (with null=True) stays NULL.

    binding: "table.column" that values were sealed for, to be given when a table or column is renamed later.
    """

    descriptor_class = SealedAttribute
    empty_strings_allowed = False
    system_check_deprecated_details = None
    holds: ClassVar[str] = "a value"
    veiled: ClassVar[Any] = None  # what a reader gets from whom the value is withheld

    def __init__(self, *args: Any, binding: str | None = None, **options: Any) -> None:
        options.setdefault("editable", False)
        super().__init__(*args, **options)
        self.binding = binding
        self.serialize = False

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        options.pop("serialize", None)
        if options.get("editable") is False:
            del options["editable"]
        elif self.editable:
            options["editable"] = True
        if self.binding is not None:
            options["binding"] = self.binding
        return name, path, args, options

    def get_internal_type(self) -> str:
        return "BinaryField"

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.name}" if hasattr(self, "model") else super().__str__()

    # -- where a value belongs -------------------------------------------------------------------------------
    @cached_property
    def activity(self) -> str:
        """Id of the activity under whose key values are sealed. Raises governance.NotGoverned."""
        return governance.activity_of(self.model, self.name)

    @cached_property
    def key_name(self) -> str:
        """The attribute of the row's primary key."""
        return self.model._meta.pk.attname

    @cached_property
    def _bound(self) -> bytes:
        where = self.binding or f"{self.model._meta.db_table}.{self.column}"
        return b"\x00".join([_BOUND, where.encode(), self.activity.encode(), b""])

    def subject_of(self, row: models.Model) -> UUID:
        """Whom the row is about. Raises Unsealable if it doesn't say."""
        subject = getattr(row, "subject_id", None)
        if subject is None:
            raise Unsealable(f"{self} can't be sealed: the row must say first whom it is about (`subject`).")
        return subject if isinstance(subject, UUID) else UUID(str(subject))

    def _place(self, row: Any) -> bytes:
        key = row if isinstance(row, UUID) else self.model._meta.pk.to_python(row)
        return self._bound + (key.bytes if isinstance(key, UUID) else str(key).encode())

    def seal(self, value: Any, *, row: Any, key: Key) -> bytes:
        """The ciphertext of a value for the row with that primary key. Raises Unsealable."""
        return key.seal(self.encode(value), self._place(row))

    def unseal(self, sealed: bytes, *, row: Any, key: Key) -> bytes:
        """The encoded value, for `decode`. Raises SealBroken."""
        try:
            return key.open(sealed, self._place(row))
        except SealBroken:
            raise SealBroken(
                f"{self} doesn't open: altered, or copied from another row, column or person."
            ) from None

    # -- writing ---------------------------------------------------------------------------------------------
    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        held = model_instance.__dict__.get(self.attname)
        if held is None or isinstance(held, models.Expression):
            return held
        attribute = self.descriptor_class(self)
        if type(held) is not _Opened:
            if add:  # perhaps a row made from another one: its ciphertext must be at home here
                attribute.open(model_instance, bytes(held))
            return bytes(held)
        encoded = self.encode(held.value)
        if add or held.sealed is None or encoded != held.encoded:
            key = page_of(model_instance).key_for_writing(self.subject_of(model_instance), self.activity)
            held.sealed = key.seal(encoded, self._place(model_instance.pk))
            held.encoded = encoded
        return held.sealed

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, bytes | models.Expression):
            return value
        raise SealedQuery(
            f"{self} is sealed row by row: assign it on a row and save that (or bulk_create, bulk_update). A "
            "column added to a table with rows starts with null=True."
        )

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return connection.Database.Binary(value) if isinstance(value, bytes) else value

    def encode(self, value: Any) -> bytes:
        """A value as bytes. Raises Unsealable, never repeating the value."""
        raise NotImplementedError

    def decode(self, encoded: bytes) -> Any:
        """The value of these bytes."""
        raise NotImplementedError

    def _wrong(self, value: object) -> Unsealable:
        return Unsealable(
            f"{self} holds {self.holds}, not {type(value).__name__} (or not one that can be written)."
        )

    # -- what the database can't do --------------------------------------------------------------------------
    def get_lookup(self, lookup: str) -> Any:
        """Only whether there is a value."""
        if lookup == "exact":
            return _OnlyNull
        return super().get_lookup(lookup) if lookup == "isnull" else _refuse(self, lookup)

    def get_transform(self, name: str) -> Any:
        """None at all."""
        _refuse(self, name)

    def value_to_string(self, obj: models.Model) -> str:
        """What serializers write."""
        return ""

    def check(self, **options: Any) -> list[checks.CheckMessage]:
        found = list(super().check(**options))
        ordering = {str(one).lstrip("-") for one in self.model._meta.ordering or ()}
        if self.unique or self.primary_key or vars(self)["db_index"]:
            hint = "Ciphertext differs each time: use a handle (privacy.subjects) to keep addresses unique."
            found.append(
                checks.Error(
                    "A sealed column can't be unique or indexed.", hint=hint, obj=self, id="sealed.E001"
                )
            )
        if self.name in ordering:
            hint = "Order by a plain column, or in Python."
            found.append(
                checks.Error(
                    "Rows can't be ordered by a sealed column.", hint=hint, obj=self, id="sealed.E002"
                )
            )
        if not any(one.attname == "subject_id" for one in self.model._meta.concrete_fields):
            hint = "Derive the model from privacy.rows.SubjectRow."
            found.append(
                checks.Error(
                    "A sealed column's row must name its subject.", hint=hint, obj=self, id="sealed.E003"
                )
            )
        return found
