"""JSON: the whole register, and back."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from seqlense.register import consistency
from seqlense.register.problems import Problem, RegisterError
from seqlense.register.register import FORMAT, Register
from seqlense.register.schema import Activity, Controller, Cookie, Recipient
from seqlense.register.text import Text
from seqlense.register.yamlfile import written


def write(register: Register) -> bytes:
    """The register with its version; `read` gives an equal one back."""
    document = {"version": register.version, **register.document}
    return (json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def read(source: bytes | str) -> Register:
    """Raises RegisterError for anything that isn't a register, contradicts itself, or was altered."""
    try:
        document = json.loads(source)
    except ValueError as error:
        raise _fault("", f"pas du JSON : {error}", f"this isn't JSON: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _fault("format", f"{FORMAT} attendu", f"{FORMAT} is expected")
    register = from_document(document)
    if document.get("version", register.version) != register.version:
        raise _fault(
            "version", "le contenu a changé depuis l'export", "the contents changed since the export"
        )
    return register


def from_document(document: dict[str, Any]) -> Register:
    """The register of a `Register.document`. Raises RegisterError."""
    try:
        register = Register(
            controller=Controller.model_validate(document["controller"]),
            recipients=[Recipient.model_validate(one) for one in document["recipients"]],
            cookies=[Cookie.model_validate(one) for one in document["cookies"]],
            activities=[Activity.model_validate(one) for one in document["activities"]],
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = written(tuple(step for step in first["loc"] if isinstance(step, str | int)))
        raise _fault(key, str(first["msg"]), str(first["msg"])) from None
    except (KeyError, TypeError) as error:
        raise _fault("", f"il manque {error}", f"{error} is missing") from None
    found = tuple(
        Problem(file=None, line=0, key=f"{one.entry}.{written(one.path)}", what=one.what, hint=one.hint)
        for one in consistency.faults(register)
    )
    if found:
        raise RegisterError(found)
    return register


def _fault(key: str, fr: str, en: str) -> RegisterError:
    hint = Text(fr="Exportez de nouveau le registre.", en="Export the register again.")
    what = Text(fr=f"{fr}.", en=f"{en}.")
    return RegisterError((Problem(file=None, line=0, key=key, what=what, hint=hint),))
