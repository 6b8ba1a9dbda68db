"""Texts in the product's two languages, and the base of everything a register declares."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")


class Declared(BaseModel):
    """A declaration: frozen, and refusing any key it doesn't know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Text(Declared):
    """One text, complete in French and in English."""

    fr: str
    en: str

    @field_validator("fr", "en")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value:
            raise ValueError("this text is empty")
        return value

    def in_(self, language: str) -> str:
        """The text in that language; any language but French reads English."""
        return self.fr if language.split("-", maxsplit=1)[0].lower() == "fr" else self.en
