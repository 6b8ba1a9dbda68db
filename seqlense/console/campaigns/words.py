"""What the codes of campaigns mean to staff."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATES: Final[dict[str, str | Promise]] = {
    "draft": _("Draft"),
    "scheduled": _("Scheduled"),
    "sending": _("Being sent"),
    "stopped": _("Stopped"),
    "sent": _("Sent"),
}
PROBLEMS: Final[dict[str, str | Promise]] = {
    "empty": _("Write something."),
    "too-long": _("This is too long."),
    "control-character": _("It holds invisible control characters. Paste it again as plain text."),
    "direction-override": _("It holds characters that reverse the direction of reading. Take them out."),
    "link": _("A link must begin with https:// or mailto:, and name no user."),
    "tracked-link": _(
        "A link holds a mark that counts clicks, such as utm_source. Take it out: we don't track."
    ),
    "image": _("Pictures aren't sent: opening a message must fetch nothing."),
    "html": _(
        "HTML isn't sent. Write Markdown: **strong**, *emphasis*, # heading, - point, [words](https://…)."
    ),
    "too-short": _("Say more: this must still prove something in some years."),
    "dates": _("The last confirmation comes after the first, and before today's end."),
    "rate": _("Between 1 and 3,000 messages a minute."),
    "about": _("Choose what it is about."),
}
REFUSALS: Final[dict[str, str | Promise]] = {
    "newsletter.changed-meanwhile": _("The text was changed meanwhile. Look at it again first."),
    "newsletter.campaign.own": _("The second look is somebody else's: you wrote the present text."),
    "newsletter.campaign.second-look": _("Another administrator must approve it first."),
    "newsletter.campaign.moment": _("Choose a moment to come, within a year."),
    "newsletter.campaign.too-late": _(
        "It was started more than three weeks ago: who got it is forgotten soon, so it can't go on. Close it."
    ),
    "newsletter.campaign.trials": _("Enough tests for this hour."),
    "newsletter.campaign.is-draft": _("It is a draft again."),
    "newsletter.campaign.is-scheduled": _("It is scheduled: call that off first."),
    "newsletter.campaign.is-sending": _("It is being sent already."),
    "newsletter.campaign.is-stopped": _("It is stopped."),
    "newsletter.campaign.is-sent": _("It has been sent."),
}
