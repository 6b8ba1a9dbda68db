"""What refusals of promotions mean to people, and which field they are about."""

from typing import Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seqlense.audience.promotions.errors import InvalidText, PromotionError

WHY: Final[dict[str, str | Promise]] = {
    "empty": _("Write something here."),
    "too-long": _("That is too long."),
    "control-character": _("That contains invisible control characters."),
    "direction-override": _("That contains characters that turn the direction of text."),
    "link": _("No address of a page here: the button leads on."),
}
WORDS: Final[dict[str, tuple[str, str | Promise]]] = {
    "promotions.link.shape": (
        "link",
        _("Give the path of one of our pages, or an address that begins with https://."),
    ),
    "promotions.link.unknown-page": ("link", _("We have no such page.")),
    "promotions.link.undeclared-host": ("link", _("The register names no recipient at that host.")),
    "promotions.dates.order": ("ends_on", _("It would end before it begins.")),
    "promotions.dates.past": ("ends_on", _("That day is over already.")),
    "promotions.audience.rule": ("audience", _("Tick at least one class below; each must still exist.")),
    "promotions.audience.segment": ("segment", _("Choose a segment that has at least ten people.")),
    "promotions.audience.slot": ("slot", _("Choose one of the places.")),
    "promotions.changed-meanwhile": ("", _("It was saved elsewhere meanwhile.")),
    "promotions.wrong-state": (
        "",
        _("That is no longer possible: it was started, stopped or ended meanwhile."),
    ),
    "promotions.interests.full": ("", _("The list is full: forty interests at most.")),
}


def of(refused: PromotionError) -> str | Promise:
    """In words."""
    if isinstance(refused, InvalidText):
        return WHY[refused.code.split(".")[-1]]
    return WORDS.get(refused.code, ("", refused.code))[1]


def tell(form: forms.Form, refused: PromotionError) -> None:
    """Beside the field that it is about."""
    field = refused.field if isinstance(refused, InvalidText) else WORDS.get(refused.code, ("", ""))[0]
    form.add_error(field if field in form.fields else None, str(of(refused)))
