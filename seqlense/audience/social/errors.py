"""Why an account isn't linked. No message quotes what a network or a browser sent."""


class SocialError(Exception):
    """Root of this room's refusals. code: stable, for logs and words."""

    code = "social"


class NotOffered(SocialError):
    """No such network, or nobody gave the company access there, or its activity doesn't run."""

    code = "social.not_offered"


class Stale(SocialError):
    """That answer belongs to no question of this browser and person: forged, answered before, or too old."""

    code = "social.stale"


class Denied(SocialError):
    """The person, or the network, said no over there."""

    code = "social.denied"


class Away(SocialError):
    """The network doesn't answer, answers too slowly, or answers that it has a fault."""

    code = "social.away"


class Unintelligible(SocialError):
    """The network's answer can't be read, or says too much."""

    code = "social.unintelligible"


class Untrusted(SocialError):
    """What the network seems to say of the person isn't signed by it, or not meant for us, or not for now."""

    code = "social.untrusted"


class CodeRefused(SocialError):
    """The network takes the code no more: used before, too old, or not its own."""

    code = "social.code_refused"


class Taken(SocialError):
    """Another person here has linked that very account."""

    code = "social.taken"


class Barred(SocialError):
    """The person had the use of this data limited, or doesn't consent to it."""

    code = "social.barred"
