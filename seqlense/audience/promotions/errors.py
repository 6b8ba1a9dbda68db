"""Why a verb of this room refused. The code is stable; the words for it belong to the pages."""


class PromotionError(Exception):
    """Base of this room's refusals."""

    code = "promotions.refused"

    def __init__(self, code: str | None = None) -> None:
        if code is not None:
            self.code = code
        super().__init__(self.code)


class InvalidText(PromotionError):
    """`code`: promotions.text.<field>.<why>; why: empty, too-long, control-character, direction-override."""

    @property
    def field(self) -> str:
        """The field that it is about."""
        return self.code.split(".")[2]


class InvalidLink(PromotionError):
    """`code`: promotions.link.unknown-page, .undeclared-host, .shape."""

    code = "promotions.link.shape"


class InvalidDates(PromotionError):
    """`code`: promotions.dates.order (it ends before it begins), .past (it has ended already)."""

    code = "promotions.dates.order"


class InvalidAudience(PromotionError):
    """`code`: promotions.audience.rule, .segment (unknown, stopped or under ten people), .slot."""

    code = "promotions.audience.rule"


class ChangedMeanwhile(PromotionError):
    """Somebody else saved the same thing since the form was shown. Nothing was overwritten."""

    code = "promotions.changed-meanwhile"


class WrongState(PromotionError):
    """What was asked isn't possible in that state: a stopped promotion stays stopped."""

    code = "promotions.wrong-state"
