"""What publishing and answering refuse."""

from seqlense.privacy.errors import PrivacyError


class PublishingError(PrivacyError):
    """Root of this part's errors."""

    code = "notices"


class NothingToPublish(PublishingError):
    """What runs is what the last version says."""

    code = "notices.nothing-new"


class Overtaken(PublishingError):
    """Another version was published, or another register runs, since whoever publishes looked."""

    code = "notices.overtaken"


class DateGone(PublishingError):
    """A date of effect that lies in the past."""

    code = "notices.date-gone"


class TooLong(PublishingError):
    """An explanation that nobody would read."""

    code = "notices.too-long"


class NothingAsked(PublishingError):
    """Nobody asks that person for this answer."""

    code = "notices.nothing-asked"


class AnswerFirst(PublishingError):
    """A change needs a yes or a no before it can be put away."""

    code = "notices.answer-first"
