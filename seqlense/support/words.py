"""What refusals of support and of files say to people. A test finds every code here."""

from typing import Final

from django.template.defaultfilters import date as dated
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from seqlense.documents.errors import DocumentError, FileRefused, TooMuch
from seqlense.support.errors import SupportError, TooMany

ADDRESS: Final = _("Give the address at which we can answer.")
WORDS: Final = {
    "support.title.empty": _("Say in a few words what it is about."),
    "support.title.long": _("The subject is too long: 150 characters at most."),
    "support.message.empty": _("Write your message."),
    "support.message.long": _(
        "The message is too long: 10,000 characters at most. A longer text can be attached."
    ),
    "support.message.links": _(
        "The message contains too many addresses of pages. Leave some out, or attach them in a text file."
    ),
    "support.note.empty": _("Write the note."),
    "support.note.long": _("The note is too long: 10,000 characters at most."),
    "support.name.long": _("That name is too long: 120 characters at most."),
    "support.phone.long": _("That number is too long."),
    "support.phone.malformed": _("This is not a phone number, such as +33 1 23 45 67 89."),
    **dict.fromkeys(
        [f"support.{field}.control" for field in ("title", "message", "note", "name", "phone")],
        _("This text contains invisible control characters. Type it again rather than pasting it."),
    ),
    **dict.fromkeys(
        [f"support.{field}.direction" for field in ("title", "message", "note", "name", "phone")],
        _("This text contains marks that reverse the direction of reading. Remove them."),
    ),
    "support.form.fast": _(
        "That was sent faster than a person types, so we took it for a machine’s. Nothing is lost: send "
        "it again."
    ),
    "support.form.old": _(
        "This page had been open for too long or was sent already. Nothing is lost: send it again."
    ),
    "support.form.forged": _("This form wasn’t ours, or arrived altered. Nothing is lost: send it again."),
    "support.form.decoy": _(
        "A field that must stay empty was filled, perhaps by your browser. It is empty again: send it "
        "once more."
    ),
    "support.form.cut": _(
        "The sending was cut off on its way, so nothing was kept. Choose your files again and send it "
        "once more."
    ),
    "support.changed-meanwhile": _(
        "Somebody wrote here since this page was opened. Read what is new; your text is still below, unsent."
    ),
    "support.closed": _("This request is closed. Open it again before you write."),
    "support.limited": _(
        "You asked us to limit the use of what you wrote to us, so nothing new can be added. Lift the "
        "limit under "
        "My data to write again."
    ),
    "support.right": _("This request was already noted as the use of a right."),
    "support.not-found": _("There is no such request any more."),
    "support.refused": _("That could not be done."),
    "documents.no-room": _(
        "We can’t store files at the moment. Nothing was sent; try again later, or send it without files."
    ),
    "documents.missing": _("This file is no longer on our disks. Ask us about it in a message."),
    "documents.unreadable": _("This file can’t be opened any more."),
}
FILES: Final = {
    "documents.file.empty": _("“%(name)s” is empty."),
    "documents.file.large": _("“%(name)s” is too large: 10 MB at most."),
    "documents.file.name": _("A file has no usable name. Rename it, with its ending."),
    "documents.file.kind": _("“%(name)s” is of a kind that we don’t take. A PDF or a picture will do."),
    "documents.file.lying": _("“%(name)s” isn’t what its name says. Save it anew in the right format."),
    "documents.file.two": _("“%(name)s” holds a second file inside. Save it anew, alone."),
    "documents.file.after": _("“%(name)s” goes on after its end. Save it anew, alone."),
    "documents.file.damaged": _("“%(name)s” is damaged or incomplete."),
    "documents.file.active": _(
        "“%(name)s” contains a program, a macro or an embedded object. Save it without."
    ),
    "documents.file.packed": _("“%(name)s” contains other archives. Send what is in them instead."),
    "documents.file.bomb": _("“%(name)s” would unpack to far more than it is. We don’t open it."),
    "documents.file.locked": _("“%(name)s” is protected by a password. Send it without."),
    "documents.file.outside": _("“%(name)s” fetches parts from elsewhere. Save it with everything inside."),
    "documents.files.many": _("“%(name)s” is one too many: five files at most."),
    "documents.files.large": _("With “%(name)s” the files are too large together: 20 MB at most."),
    "documents.no-room": WORDS["documents.no-room"],
}


def of(refused: SupportError | DocumentError) -> str:
    """The sentence for a refusal."""
    if isinstance(refused, TooMany):
        again = dated(localtime(refused.again_at), "H:i")
        return str(_("That was much in a short time. It will be taken again from %(time)s on.")) % {
            "time": again
        }
    return str(WORDS[refused.code])


def of_file(name: str, refused: DocumentError) -> str:
    """The sentence for one file. Its name is the sender's own, shown to them alone."""
    found = FILES[refused.code] if isinstance(refused, FileRefused | TooMuch) else FILES["documents.no-room"]
    return str(found) % {"name": name[:60]}


def without_files(number: int) -> str:
    """What is said of files that came with a form that must be sent again."""
    return str(_("The files you chose could not be kept. Choose them again.")) if number else ""
