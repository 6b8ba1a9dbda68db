"""Why a verb of this room refused. The code is stable; the words for it belong to the pages."""


class SegmentError(Exception):
    """Base of this room's refusals."""

    code = "segments.refused"

    def __init__(self, code: str | None = None) -> None:
        if code is not None:
            self.code = code
        super().__init__(self.code)


class InvalidRule(SegmentError):
    """`code`: segments.rule.shape, .feature (none that the register offers), .value, .empty, .too-long."""

    code = "segments.rule.shape"


class InvalidName(SegmentError):
    """`code`: segments.name.text-empty, .text-too-long and the others of `kit.text`."""


class ChangedMeanwhile(SegmentError):
    """Somebody else saved the same segment since the form was shown. Nothing was overwritten."""

    code = "segments.changed-meanwhile"


class Stopped(SegmentError):
    """The segment was stopped: it can be looked at and deleted, nothing else."""

    code = "segments.stopped"


class InUse(SegmentError):
    """Something that runs is addressed to the segment: stop that first."""

    code = "segments.in-use"


class NotDeclared(SegmentError):
    """No declared use of segments has that name: membership is handed to nobody else."""

    code = "segments.not-declared"


class TooSmall(SegmentError):
    """Fewer than ten people: such a group is neither formed nor used."""

    code = "segments.too-small"
