"""Text that people type about themselves."""

import re
import unicodedata

# Explicit direction embeddings, overrides and isolates (Unicode Standard Annex 9): they can make a name read
# as another, or spill over the text that follows. The plain marks U+200E and U+200F, and joiners, are
# harmless.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Controls, lone surrogates, line and paragraph separators.
_REFUSED = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Names stand in our own mails: one that mail programs turn into a link would carry somebody else's message.
_LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)
_UNSEEN = frozenset({"Cf", "Zs", "Cn", "Mn", "Me"})


class InvalidText(ValueError):
    """Text that can't be kept. The message never repeats it.

    code: "text-empty", "text-too-long", "text-control-character", "text-direction-override" or "text-link".
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean_name(value: str, *, longest: int) -> str:
    """A name in one line: composed (NFC), without space around it, at most `longest` code points.

    Any script and emoji pass. Raises InvalidText for NUL and other controls, for characters that override the
    direction of text, for the address of a page, for nothing at all (or nothing that could be seen), and for
    too much.
    """
    if len(value) > 4 * longest + 64:  # NFC makes text at most four times shorter: no need to look further
        raise InvalidText("text-too-long")
    text = unicodedata.normalize("NFC", value).strip()
    categories = {unicodedata.category(character) for character in text}
    if categories & _REFUSED or "\ufeff" in text:
        raise InvalidText("text-control-character")
    if not _OVERRIDES.isdisjoint(text):
        raise InvalidText("text-direction-override")
    if _LINK.search(text):
        raise InvalidText("text-link")
    if not categories - _UNSEEN:
        raise InvalidText("text-empty")
    if len(text) > longest:
        raise InvalidText("text-too-long")
    return text
