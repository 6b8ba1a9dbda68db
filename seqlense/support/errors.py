"""Why a verb of this room refused. The code is stable; the words for it belong to the pages."""

from datetime import datetime


class SupportError(Exception):
    """Base of this room's refusals."""

    code = "support.refused"

    def __init__(self, code: str | None = None) -> None:
        if code is not None:
            self.code = code
        super().__init__(self.code)


class NotFound(SupportError):
    """No such request, message or file; or none that this person may know of. Never says which."""

    code = "support.not-found"


class TextRefused(SupportError):
    """What was typed can't be taken.

    code: support.FIELD.empty, .long, .control, .direction, with FIELD one of title, message, note, name,
    phone; support.phone.malformed, support.message.links.
    """

    @property
    def field(self) -> str:
        """Which field it is about."""
        return self.code.split(".")[1]


class FormRefused(SupportError):
    """The form's ticket doesn't hold: support.form.fast, .old, .forged, .decoy, .cut.

    Nothing was saved, nothing typed is lost, and sending it again with the fresh ticket works.
    """


class TooMany(SupportError):
    """support.too-many: too much in a short time. again_at: when it will be taken again."""

    code = "support.too-many"

    def __init__(self, again_at: datetime) -> None:
        super().__init__()
        self.again_at = again_at


class LinkRefused(SupportError):
    """A link that can't be used: support.link.forged, .expired, .gone, .foreign, .unconfirmed."""


class ChangedMeanwhile(SupportError):
    """Somebody else answered, or the person wrote, since the page was shown. Nothing was overwritten."""

    code = "support.changed-meanwhile"


class Closed(SupportError):
    """The request is closed: staff open it again before they write."""

    code = "support.closed"


class Limited(SupportError):
    """The person limited this use of their data: nothing new is added until they lift that."""

    code = "support.limited"


class RightRefused(SupportError):
    """It is noted as a request under the GDPR already, or that right is used in another place."""

    code = "support.right"
