"""`seqlense consent`: what visitors are shown before they choose."""

import click

from seqlense.kit import clock
from seqlense.project.cli import installation
from seqlense.project.cli.failing import AWAY, Refused
from seqlense.project.cli.speaking import Speaker, examples, speaks
from seqlense.project.cli.speech import gettext as _


@click.group(help=_("Proofs of consent: pictures of what visitors are shown."))
def command() -> None:
    """The group."""


@command.command(
    help=_(
        "Have a browser take a picture of the banner as the running site shows it, in each language, light "
        "and dark. It is kept with that version. Pictures that are there already stay."
    ),
    epilog=examples("seqlense consent picture", "seqlense consent picture --site http://127.0.0.1:8000"),
)
@click.option("--site", default="", help=_("Where the site answers; otherwise SEQLENSE_PUBLIC_URL."))
@click.option("--again", is_flag=True, help=_("Take them anew, too."))
@speaks
def picture(speaker: Speaker, site: str, again: bool) -> None:
    """One by one: what is taken is kept, even if the next fails."""
    installation.enter_to_act()
    from django.conf import settings

    from seqlense.privacy.consent import pictures

    taken = []
    try:
        for one in pictures.take(site or settings.SEQLENSE_PUBLIC_URL, now=clock.now(), again=again):
            taken.append(one)
            speaker.say(
                _("{language}, {theme}: {bytes} bytes, version {version}").format(
                    language=one.language, theme=one.theme, bytes=one.bytes, version=one.version[:12]
                )
            )
    except pictures.NoBrowser as refused:
        raise Refused(refused.code, str(refused), exit_code=AWAY) from None
    except pictures.OtherVersion as refused:
        raise Refused(refused.code, str(refused)) from None
    if not taken:
        speaker.say(_("Every picture is there already."))
    speaker.document({"taken": [vars(one) for one in taken]})
