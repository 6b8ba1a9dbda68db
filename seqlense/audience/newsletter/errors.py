"""Refusals of this section, each with a stable code."""

from datetime import timedelta


class NewsletterError(Exception):
    """Base. No error here ever carries an address or a line of text."""

    code = "newsletter.failed"

    def __init__(self, code: str = "") -> None:
        self.code = code or type(self).code
        super().__init__(self.code)


class LinkRefused(NewsletterError):
    """Forged, cut, or of something that is over. Codes: newsletter.link.forged, newsletter.link.over."""

    code = "newsletter.link.forged"


class TooOften(NewsletterError):
    """Asked too often from one place. again_in: how long until the next request is taken."""

    code = "newsletter.too-often"

    def __init__(self, again_in: timedelta) -> None:
        super().__init__()
        self.again_in = again_in


class NotSubscribed(NewsletterError):
    """There is nothing to set: the person unsubscribed, or is gone."""

    code = "newsletter.not-subscribed"


class InvalidText(NewsletterError):
    """What was written can't be sent. field: of the form; code: newsletter.text.…"""

    code = "newsletter.text"

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"newsletter.text.{code}")
        self.field = field


class ChangedMeanwhile(NewsletterError):
    """The draft was saved elsewhere since the form was shown."""

    code = "newsletter.changed-meanwhile"


class NotNow(NewsletterError):
    """What the campaign's state doesn't allow. Codes: newsletter.campaign.…"""

    code = "newsletter.campaign.state"
