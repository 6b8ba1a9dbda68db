"""What each alarm means, and what to do about it, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seqlense.privacy.alarms import Alarm


@dataclass(frozen=True)
class Words:
    """what: what is wrong, one sentence. remedy: what to do, in one or two."""

    what: str | Promise
    remedy: str | Promise


OF: Final[Mapping[str, Words]] = {
    "consent.no-picture": Words(
        _("What visitors are shown before they choose has no picture yet."),
        _(
            "The worker takes it each hour where it finds Chromium. Otherwise, while the site answers, run: "
            "seqlense consent picture."
        ),
    ),
    "keys.late": Words(
        _("The epoch key should have been replaced."),
        _(
            "Until it is, people erased since stay readable in old copies. See that a worker runs, or "
            "rotate by hand: seqlense keys rotate."
        ),
    ),
    "keys.interrupted": Words(
        _("A rotation of the keys was cut off."),
        _("Everyone stays readable. Finish it: seqlense keys rotate."),
    ),
    "keys.clock-moved-back": Words(
        _("The clock stands before the last rotation."),
        _("Set this machine's clock right: nothing is rotated or swept until then."),
    ),
    "keys.drill-failed": Words(
        _("The last drill failed: something held can't be read, or something erased can."),
        _(
            "The old epoch's key stays until a drill passes. Look at the drill's numbers, put right "
            "what it names, then run one again."
        ),
    ),
    "keys.keystore-missing": Words(
        _("The keystore isn't there."),
        _("Nothing sealed can be read. Bring back the latest copy of the keystore; never begin a new one."),
    ),
    "keys.keystore-older": Words(
        _("The keystore is older than its epoch key."),
        _("An old copy was put in its place. Bring back the latest one."),
    ),
    "keys.wrong-installation": Words(
        _("Data, keystore and epoch key are of different installations."),
        _("Put together what belongs together: each names its installation."),
    ),
    "keys.epoch-key-missing": Words(
        _("The file of the epoch key isn't there."),
        _(
            "Bring back its copy: without it nothing sealed can be read. Until then leave everything "
            "else as it is."
        ),
    ),
    "keys.epoch-key-unreadable": Words(
        _("The file of the epoch key can't be read by us, or can be read by others."),
        _("Give it to the product's own account and to nobody else (mode 600)."),
    ),
    "keys.epoch-key-damaged": Words(
        _("The file of the epoch key is cut short or altered."),
        _("Bring back its copy: without it nothing sealed can be read."),
    ),
    "keys.keystore-full": Words(
        _("The disk of the keystore is full, or refuses to be written."),
        _("Everyone stays readable. Make room, then rotate again: seqlense keys rotate."),
    ),
    "keys.custody-missing": Words(
        _("What keeps the epoch key is set up incompletely."),
        _("Compare SEQLENSE_CUSTODY and the variables beside it with the operator's guide."),
    ),
    "keys.token-away": Words(
        _("The device that keeps the epoch key doesn't answer."),
        _("Connect it, or start its service: nothing new can be opened until it answers."),
    ),
    "backups.late": Words(
        _("There is no recent backup."),
        _("See that a worker runs and that the folder of the backups has room, or make one now."),
    ),
    "backups.keystore-copy-stays": Words(
        _("An old copy of the keystore should be gone."),
        _(
            "Who has it, and its epoch key, reads people erased since. Remove it: seqlense backup "
            "prune says what holds it."
        ),
    ),
    "backups.backup-no-place": Words(
        _("Nobody said where backups go."),
        _("Name a folder in SEQLENSE_BACKUPS."),
    ),
    "backups.backup-altered": Words(
        _("A backup isn't what was written."),
        _("Don't restore it. Find out who could write there, remove it, and make another one."),
    ),
    "backups.backup-cut-short": Words(
        _("A backup was cut short."),
        _("Remove it and make another one; see that the disk has room."),
    ),
    "backups.backup-of-another-installation": Words(
        _("A backup in our folder was made by another installation."),
        _("Move it to where it belongs."),
    ),
    "restoring.locked": Words(
        _("A restored copy waits: nobody is served."),
        _("Finish it, so that whoever was erased since is erased again: seqlense restore finish."),
    ),
    "log.late": Words(
        _("Acts wait to be sealed in the log."),
        _("See that a worker runs: it seals them within a second."),
    ),
    "log.missing": Words(
        _("The files of the log are gone."),
        _("Bring back the folder from its copy. Never begin a new log: proofs handed out point to this one."),
    ),
    "log.damaged": Words(
        _("Files of the log are missing, cut short or altered."),
        _("Nothing is sealed until they are brought back from a copy. Verify the log to see which they are."),
    ),
    "log.forked": Words(
        _("The log on the disk and the database tell different stories."),
        _("Stop, keep both as they are, and compare them with what witnesses and timestamps saw."),
    ),
    "log.ahead": Words(
        _("The log knows acts that the database doesn't: the database is an older copy."),
        _("Finish the restore: seqlense restore finish. Whoever was erased since is erased again."),
    ),
    "log.behind": Words(
        _("The database knows sealed acts that the log's files don't hold."),
        _("An old copy of the folder was put in place. Bring back the latest one."),
    ),
    "log.full": Words(
        _("The log can't be written: its disk is full, or refuses."),
        _("Acts wait and none is lost. Make room."),
    ),
    "log.key-missing": Words(
        _("The key that signs the log isn't there."),
        _("Bring back its file from your copy; with another key nobody can follow the log."),
    ),
    "log.key-damaged": Words(
        _("The key that signs the log can't be used."),
        _("Its file must be whole, of this log, and readable by the product's own account alone (mode 600)."),
    ),
    "log.clock-back": Words(
        _("The log's last checkpoint lies in the future."),
        _("Set this machine's clock right."),
    ),
    "timestamps.late": Words(
        _("A day's checkpoint has no timestamp yet."),
        _(
            "The authority doesn't answer, or answers wrongly: it is asked again each hour. See the "
            "worker's journal for the reason."
        ),
    ),
    "witnesses.away": Words(
        _("A witness hasn't cosigned the log for more than a day."),
        _("It is asked again each hour. Ask those who run it."),
    ),
    "requests.overdue": Words(
        _("A person's request should have been answered."),
        _("Answer it now, and say why it took longer: the month that the law gives is over."),
    ),
    "cookies.dropped": Words(
        _("Something tried to set a cookie that isn't declared, or isn't declared so."),
        _(
            "It was dropped each time, and nobody's browser kept it. Declare it in cookies.yaml, or "
            "find what sets it and stop it."
        ),
    ),
    "destructions.waiting": Words(
        _("Keys of erased people wait to be destroyed."),
        _("See that a worker runs and that the keystore can be written: it destroys them by itself."),
    ),
    "sweeps.failed": Words(
        _("The last sweep failed."),
        _("What was due is still there. Run it again: seqlense retention run."),
    ),
    "sweeps.late": Words(
        _("No sweep has run for more than a day."),
        _("See that a worker runs, or sweep now: seqlense retention run."),
    ),
    "notices.unpublished": Words(
        _("What runs isn’t what the published notices say."),
        _(
            "The public pages say what runs. Publish it as a version, so that it is dated and those whom it "
            "concerns are told; who must be stands below."
        ),
    ),
    "notices.untold": Words(
        _("People wait to be told of a new version of the notices."),
        _("See that a worker runs: it writes to some of them each minute."),
    ),
    "support.waiting": Words(
        _("Somebody who wrote to us waits for an answer."),
        _("Open the requests in the console; whoever answers takes them over."),
    ),
    "support.late": Words(
        _("Requests have waited for us for more than three days."),
        _("Answer the oldest first, or tell people when they will hear from you."),
    ),
    "mail.late": Words(
        _("Mail waits to be sent."),
        _(
            "It is tried again by itself for three days. See whether the mail server answers: "
            "seqlense doctor."
        ),
    ),
    "mail.given-up": Words(
        _("Messages were given up."),
        _("Their codes say why: see the console's page on health."),
    ),
    "worker.silent": Words(
        _("No worker answers."),
        _("Start one: seqlense worker. Until then no mail goes, nothing is swept, and the log isn't sealed."),
    ),
    "alarms.unknown": Words(
        _("A part of the system can't say how it is."),
        _("Run seqlense doctor: it looks further."),
    ),
}

ANY: Final = Words(_("Something isn't as it should be."), _("Run seqlense doctor: it looks further."))


def of(alarm: Alarm) -> Words:
    """What is said of that alarm."""
    return OF.get(alarm.code, ANY)
