"""What refusals of segments mean to people."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seqlense.audience.segments.errors import SegmentError

WORDS: Final[dict[str, str | Promise]] = {
    "segments.name.text-empty": _("Give it a name in both languages."),
    "segments.name.text-too-long": _("That name is too long: 80 characters at most."),
    "segments.name.text-control-character": _("That name contains invisible control characters."),
    "segments.name.text-direction-override": _(
        "That name contains characters that turn the direction of text."
    ),
    "segments.name.text-link": _("A name is no address of a page."),
    "segments.rule.shape": _("That rule can’t be read."),
    "segments.rule.feature": _(
        "One of these characteristics may not be read for that purpose, or no longer exists."
    ),
    "segments.rule.value": _("One of these classes no longer exists."),
    "segments.rule.empty": _("A rule needs at least one class."),
    "segments.rule.too-long": _("Three alternatives at most."),
    "segments.stopped": _("This segment was stopped meanwhile."),
    "segments.in-use": _("Something that runs is addressed to it: stop that first."),
    "segments.changed-meanwhile": _("It was saved elsewhere meanwhile."),
    "segments.too-small": _("Too few people: groups of ten at least, and ten for each group asked for."),
    "segments.cut-off": _("The worker was stopped in the middle. Ask again."),
}


def of(refused: SegmentError) -> str | Promise:
    """In words."""
    return of_code(refused.code)


def of_code(code: str) -> str | Promise:
    """In words."""
    return WORDS.get(code, code)
