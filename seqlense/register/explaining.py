"""Turn pydantic's verdicts into problems with a line and advice."""

from __future__ import annotations

from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from seqlense.register.text import Text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from seqlense.register.problems import Problem
    from seqlense.register.yamlfile import Marked, Path_

_SHAPES = {
    "string_type": Text(fr="Un texte est attendu.", en="Text is expected."),
    "bool_type": Text(fr="true ou false est attendu.", en="true or false is expected."),
    "bool_parsing": Text(fr="true ou false est attendu.", en="true or false is expected."),
    "tuple_type": Text(fr="Une liste est attendue.", en="A list is expected."),
    "model_type": Text(fr="Un groupe de clés est attendu.", en="A group of keys is expected."),
    "model_attributes_type": Text(fr="Un groupe de clés est attendu.", en="A group of keys is expected."),
    "too_short": Text(fr="La liste est vide.", en="The list is empty."),
    "string_too_short": Text(fr="Le texte est vide.", en="The text is empty."),
}
_HINTS = {
    "string_type": Text(fr="Mettez la valeur entre guillemets.", en="Put the value in quotes."),
    "tuple_type": Text(fr="Écrivez [a, b], ou un « - » par ligne.", en='Write [a, b], or one "- " a line.'),
    "too_short": Text(fr="Donnez au moins une entrée.", en="Give at least one entry."),
    "string_too_short": Text(fr="Écrivez-le, ou retirez la clé.", en="Write it, or remove the key."),
}
_PATTERNS = {
    r"^[a-z][a-z0-9_]{0,63}$": Text(
        fr="Minuscules sans accent, chiffres et _ : account_closed.",
        en="Use small letters, digits and _: account_closed.",
    ),
    r"^[A-Z]{2}$": Text(
        fr="Code de pays à deux lettres : FR, DE.", en="Use the two-letter country code: FR, DE."
    ),
    r"^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$": Text(
        fr="Nom d’hôte seul, sans https:// : api.exemple.com.",
        en="Host name alone, no https://: api.example.com.",
    ),
    r"^https://([a-z0-9-]+\.)+[a-z]{2,}/[^\s\"'<>]*$": Text(
        fr="Adresse complète : https://video.exemple.com/embed/{id}.",
        en="Whole address: https://video.example.com/embed/{id}.",
    ),
}
_PERIOD = Text(
    fr="Écrivez une durée ISO 8601 : P0D, P7D, P6M, P10Y.",
    en="Write an ISO 8601 period: P0D, P7D, P6M, P10Y.",
)
_ASK_DOCS = Text(fr="Voir docs/register.md.", en="See docs/register.md.")


def explain(model: type[BaseModel], error: ValidationError, marked: Marked, base: Path_) -> list[Problem]:
    """One problem for each verdict, at its line in the file."""
    problems = []
    for detail in error.errors(include_url=False):
        path = (*base, *(step for step in detail["loc"] if isinstance(step, str | int)))
        what, hint = _words(model, detail)
        problems.append(marked.problem(path, what, hint))
    return problems


def _words(model: type[BaseModel], detail: ErrorDetails) -> tuple[Text, Text]:
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    last = detail["loc"][-1] if detail["loc"] else ""
    if kind == "missing":
        what = Text(fr=f"Il manque la clé « {last} ».", en=f'The key "{last}" is missing.')
        return what, _missing(model, detail["loc"])
    if kind == "extra_forbidden":
        return _unknown(str(last), sorted(_model_at(model, detail["loc"]).model_fields))
    if kind == "enum":
        return _not_a_word(given, [word.strip("'\" ") for word in _expected(model, detail)])
    if kind == "string_pattern_mismatch":
        what = Text(fr=f"« {given} » n’a pas la bonne forme.", en=f'"{given}" hasn\'t the right form.')
        return what, _PATTERNS.get(str(context.get("pattern")), _ASK_DOCS)
    if kind == "value_error" and last in ("fr", "en"):
        return Text(fr="Ce texte est vide.", en="This text is empty."), Text(
            fr="Écrivez-le dans les deux langues.", en="Write it in both languages."
        )
    if last in ("after", "lifetime"):
        return Text(fr=f"« {given} » n’est pas une durée.", en=f'"{given}" isn\'t a period.'), _PERIOD
    if kind.startswith("model") and set(_model_at(model, (*detail["loc"], "")).model_fields) == {"fr", "en"}:
        return _SHAPES["model_type"], Text(
            fr="Écrivez ce texte sous fr: et en:.", en="Write this text under fr: and en:."
        )
    return _SHAPES.get(kind, Text(fr="Valeur refusée.", en="This value isn't accepted.")), _HINTS.get(
        kind, _ASK_DOCS
    )


def _missing(model: type[BaseModel], loc: tuple[int | str, ...]) -> Text:
    if loc[-1] in ("fr", "en"):
        return Text(fr="Chaque texte existe en fr et en en.", en="Every text is given in fr and in en.")
    known = ", ".join(_model_at(model, loc).model_fields)
    return Text(fr=f"Ajoutez-la. Clés connues ici : {known}.", en=f"Add it. Keys known here: {known}.")


def _unknown(key: str, known: list[str]) -> tuple[Text, Text]:
    what = Text(fr=f"Clé inconnue « {key} ».", en=f'Unknown key "{key}".')
    return what, nearest(key, known)


def _not_a_word(given: Any, words: list[str]) -> tuple[Text, Text]:
    what = Text(fr=f"« {given} » n’est pas un mot connu.", en=f'"{given}" isn\'t a known word.')
    return what, nearest(str(given), words)


def nearest(given: str, known: list[str]) -> Text:
    """ "Did you mean ...?", or the list of what is known."""
    close = get_close_matches(given, known, n=1, cutoff=0.6)
    if close:
        return Text(fr=f"Vouliez-vous dire « {close[0]} » ?", en=f'Did you mean "{close[0]}"?')
    if not known:
        return Text(fr="Aucun n’est déclaré.", en="None is declared.")
    listed = ", ".join(known)
    return Text(fr=f"Possible : {listed}.", en=f"Possible: {listed}.")


def _expected(model: type[BaseModel], detail: ErrorDetails) -> list[str]:
    holder, loc = _model_at(model, detail["loc"]), list(detail["loc"])
    while loc and not isinstance(loc[-1], str):
        loc.pop()
    field = holder.model_fields.get(str(loc[-1]))
    for kind in _inside(field.annotation if field else None):
        if isinstance(kind, type) and issubclass(kind, Enum):
            return [str(word.value) for word in kind]
    return []


def _inside(annotation: Any) -> list[Any]:
    """The annotation and every type inside it."""
    return [annotation, *(deep for one in get_args(annotation) for deep in _inside(one))]


def _model_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel]:
    """The class that holds the key `loc` ends with."""
    steps = [step for step in loc[:-1] if isinstance(step, str)]
    trailing_index = bool(loc) and not isinstance(loc[-1], str)
    for step in steps[:-1] if trailing_index and steps else steps:
        field = model.model_fields.get(step)
        inner = [
            one
            for one in _inside(field.annotation if field else None)
            if isinstance(one, type) and issubclass(one, BaseModel)
        ]
        if not inner:
            return model
        model = inner[0]
    return model
