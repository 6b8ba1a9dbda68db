"""The kinds of sealed columns."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.functional import Promise

from seqlense.privacy.sealed.column import SealedField
from seqlense.privacy.sealed.veils import HIDDEN, Hidden


class SealedTextField[Set = Any, Get = Any](SealedField[Set, Get]):
    """Text of any length (`max_length` is checked by `full_clean` and forms)."""

    _pyi_private_set_type: str
    _pyi_private_get_type: str
    holds = "text"
    veiled = HIDDEN

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.max_length is not None:
            self.validators.append(validators.MaxLengthValidator(self.max_length))

    def encode(self, value: Any) -> bytes:
        if isinstance(value, Promise):
            value = str(value)
        if not isinstance(value, str) or isinstance(value, Hidden):
            raise self._wrong(value)
        try:
            return value.encode()
        except UnicodeEncodeError:
            raise self._wrong(value) from None

    def decode(self, encoded: bytes) -> str:
        return encoded.decode()

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": forms.CharField, "max_length": self.max_length, **options})


class SealedEmailField[Set = Any, Get = Any](SealedTextField[Set, Get]):
    """An e-mail address; normalise it first (`kit.addresses`)."""

    default_validators = [validators.validate_email]
    holds = "an e-mail address"

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": forms.EmailField, **options})


class SealedJSONField[Set = Any, Get = Any](SealedField[Set, Get]):
    """Anything JSON can hold. A change within the value is noticed on save."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    holds = "what JSON can hold"

    def encode(self, value: Any) -> bytes:
        try:
            return json.dumps(
                value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")
            ).encode()
        except (TypeError, ValueError):
            raise self._wrong(value) from None

    def decode(self, encoded: bytes) -> Any:
        return json.loads(encoded)

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": forms.JSONField, **options})


class SealedDateField[Set = Any, Get = Any](SealedField[Set, Get]):
    """A calendar date."""

    _pyi_private_set_type: date
    _pyi_private_get_type: date
    holds = "a date"

    def to_python(self, value: Any) -> Any:
        """A date, also from ISO 8601 text. Raises ValidationError."""
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValidationError("Enter a date.", code="invalid") from None

    def encode(self, value: Any) -> bytes:
        try:
            return self.to_python(value).isoformat().encode()  # type: ignore[no-any-return]  # a date by now
        except ValidationError:
            raise self._wrong(value) from None

    def decode(self, encoded: bytes) -> date:
        return date.fromisoformat(encoded.decode())

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": forms.DateField, **options})
