"""People, organisations and everything that can happen to them, put into a running product from beside it.

python -m tests.browser.planting        # prints, as JSON, who is signed in where and what is called what
"""

import json
import os
import sys
from datetime import datetime, timedelta
from typing import Any

import django

PEOPLE = ("alice", "bob", "dana", "charlie", "paul", "odile")


def plant() -> dict[str, Any]:
    """Every page of the site and of the console has something to show afterwards, and every row an origin."""
    from seqlense.accounts import email_change, links
    from seqlense.accounts.models import MailLink
    from seqlense.kit import clock
    from seqlense.organisations import answers, closing, ownership
    from seqlense.organisations.roles import Role
    from seqlense.privacy import access, acts, holds, requests, retention
    from seqlense.privacy.actor import Actor
    from seqlense.privacy.records import Hold
    from seqlense.project.demo import upkeep
    from tests import cast

    now = clock.now()
    company, charlie, paul, odile = cast.company(), cast.charlie(), cast.paul(), cast.odile()
    home = company.organisation
    people = dict(zip(PEOPLE, (company.alice, company.bob, company.dana, charlie, paul, odile), strict=True))
    expired = cast.invited(
        home, company.alice, "yann.yvon@dehors.example", Role.READER, now=now - timedelta(days=9)
    )
    newcomer = cast.invited(home, company.alice, "zoe.zimmer@dehors.example", now=now)
    ownership.offer(home.pk, company.member(company.dana).pk, actor=cast.actor(company.alice), now=now)
    closed = cast.founded(company.alice, "Ancienne maison", now=now - timedelta(days=90))
    closing.close(closed.pk, seen=closed.revision, actor=cast.actor(company.alice), now=now)
    passkey = _passkey(company.alice, now)
    past = links.send(charlie, MailLink.Purpose.RESET, language="fr", now=now - timedelta(days=2))
    reset = links.send(company.bob, MailLink.Purpose.RESET, language="en", now=now)
    email_change.ask(company.bob, "bob.neu@arnaud.example", actor=cast.actor(company.bob), now=now)
    acts.record_staff(
        "console.file_read",
        actor=Actor.staff(paul.subject_id),
        subject=company.bob.subject_id,
        reason="Sa lettre du 3 mars, dossier Zwetschge",
        now=now,
    )
    access.copy_of(company.bob.subject_id, actor=cast.actor(company.bob), now=now)
    holds.place(charlie.subject_id, reason=Hold.Reason.CLAIM, actor=Actor.staff(odile.subject_id), now=now)
    retention.run(now=now, actor=Actor.system("planting"))
    upkeep.keep(now=now)
    return {
        "sessions": {name: session_of(one) for name, one in people.items()},
        "subjects": {name: str(one.subject_id) for name, one in people.items()},
        "organisation": str(home.pk),
        "closed": str(closed.pk),
        "member": str(company.member(company.bob).pk),
        "invitation": answers.token(home.pk, newcomer.pk),
        "invitation_expired": answers.token(home.pk, expired.pk),
        "passkey": str(passkey),
        "reset": links.token(reset),
        "link_expired": links.token(past),
        "activity": "accounts",
        "request": str(requests.history(company.bob.subject_id)[0].pk),
        **_switched(company.dana, now),
        **published(now),
        **asked(company.alice, paul, now),
        **newsletter(company.bob, company.dana, paul, now),
        **promoted(company.alice, charlie, now),
        **linked(company.alice, now),
        **consented(now),
    }


def published(now: datetime) -> dict[str, str]:
    """Two versions after the one that published itself; the last says what runs.

    Both concern everybody who has an account.
    """
    from tests.privacy.publishing.editions import altered, elsewhere, publish_running, without_zone
    from tests.privacy.publishing.editions import published as publish

    publish(altered(without_zone, elsewhere), now=now - timedelta(days=1))
    said = {"fr": "Nous montrons désormais vos heures.", "en": "We now show hours as yours."}
    publish_running(now=now, explanation=said)
    return {
        "first_version": "1",
        "version": "3",
        **{name: name for name in ("privacy", "cookies", "fr", "en")},
    }


def asked(account: Any, staff: Any, now: datetime) -> dict[str, str]:
    """Requests for help: one that goes back and forth with a file, one closed, one not confirmed."""
    from seqlense.privacy.actor import Actor
    from seqlense.support import handling, links
    from tests.documents.received import received
    from tests.documents.samples import PDF
    from tests.support import asked as asks

    earlier = now - timedelta(days=5)
    made = asks.by(account, files=(received("Kolbenfresser.pdf", PDF),), now=earlier)
    asks.answered(made, staff, now=now - timedelta(days=4))
    asks.replied(made, now=earlier + timedelta(hours=30))
    handling.note(made.pk, "Rappeler jeudi", actor=Actor.staff(staff.subject_id), now=now)
    closed = asks.confirmed(address="kim@ailleurs.example", now=earlier)
    handling.close(closed.pk, seen=closed.revision, actor=Actor.staff(staff.subject_id), now=now)
    unsure = asks.by_stranger(now=now)
    return {
        "asked": str(made.pk),
        "asked_closed": str(closed.pk),
        "unconfirmed": links.token("confirm", unsure.pk, now=now),
        "conversation": links.token("conversation", closed.pk, now=now),
        "conversation_ended": links.token("conversation", closed.pk, now=now - timedelta(days=20)),
    }


def promoted(account: Any, objector: Any, now: datetime) -> dict[str, str]:
    """A promotion by rule with its draft, a segment of a small crowd, groups that were proposed."""
    from seqlense.audience.promotions import interests, writing
    from seqlense.audience.segments import grouping
    from seqlense.privacy import switches
    from seqlense.privacy.actor import Actor
    from tests.audience.promotions.writing import STAFF, running, wording
    from tests.audience.segments.crowd import crowd, interest, rule, segment

    code = interest()
    by = Actor.person(account.subject_id)
    interests.declare(account.subject_id, [code], seen="", actor=by, now=now)
    who = objector.subject_id
    for activity in ("promotions", "profiling"):
        switches.set(switches.Kind.OBJECTION, who, activity, actor=Actor.person(who), now=now)
    crowd(40), crowd(30, language="en", country="GB")
    made = segment(rule(accounts_language="fr"))
    shown = running("Quittengelb", rule=rule(promotions_interests=code))
    draft = writing.write(wording(), actor=STAFF, now=now)
    asked = grouping.ask(["accounts.language", "accounts.country"], 2, actor=STAFF, now=now)
    grouping.compute(asked.pk, now=now)
    return {
        "promotion": str(shown.pk),
        "draft": str(draft.pk),
        "segment": str(made.pk),
        "grouping": str(asked.pk),
    }


def linked(account: Any, now: datetime) -> dict[str, str]:
    """An account of one network; another waits to be linked."""
    from seqlense.audience.social import linking
    from seqlense.audience.social.exchanging import Identity
    from seqlense.privacy import consent
    from seqlense.privacy.actor import Actor

    by = Actor.person(account.subject_id)
    said = {"how": "settings", "shown": "0" * 64, "language": "fr"}
    consent.give(account.subject_id, linking.PURPOSE, **said, actor=by, now=now)
    linking.link(account, "x", Identity("4242", "@mirabelle"), actor=by, now=now)
    return {"x": "x", "linkedin": "linkedin"}


def consented(now: datetime) -> dict[str, str]:
    """A visitor's receipt, and what they were shown."""
    from seqlense.privacy import running
    from seqlense.privacy.consent import Receipt, displays
    from seqlense.privacy.consent.choices import LIFE

    shown = displays.shown("fr", now=now)
    made = Receipt(
        at=now,
        kind="choice",
        answers={"youtube": False},
        how="refuse_all",
        shown=shown,
        language="fr",
        register_version=running.enlist(now),
        ended_at=now + LIFE,
    )
    made.save(force_insert=True)
    return {"receipt": str(made.pk), "display": shown}


def _switched(account: Any, now: datetime) -> dict[str, str]:
    """A limit and an objection of that person's."""
    from seqlense.privacy import switches
    from seqlense.privacy.actor import Actor

    who, by = account.subject_id, Actor.person(account.subject_id)
    kinds, claims = switches.Kind, switches.Ground.CLAIMS
    limited = switches.set(kinds.RESTRICTION, who, "accounts", ground=claims, actor=by, now=now)
    objected = switches.set(kinds.OBJECTION, who, "mailing", words="Quetschekraut", actor=by, now=now)
    return {"limit": str(limited.pk), "objection": str(objected.pk)}


def newsletter(reader: Any, gone: Any, staff: Any, now: datetime) -> dict[str, str]:
    """Somebody who reads, somebody who unsubscribed, somebody who has yet to confirm; a campaign."""
    from seqlense.audience.newsletter import links, objecting, readers
    from seqlense.privacy.actor import Actor
    from tests.audience.newsletter import stage

    readers.pause(reader.subject_id, "3", actor=Actor.person(reader.subject_id), now=now)
    objecting.unsubscribe(gone.subject_id, actor=Actor.person(gone.subject_id), now=now)
    waits = stage.asked("quentin@lecture.example", now=now)
    made = stage.written(now=now, actor=Actor.staff(staff.subject_id))
    return {
        "newsletter": links.token(links.NEWS, reader.subject_id),
        "newsletter_confirm": links.token(links.CONFIRM, waits.pk),
        "newsletter_over": links.token(links.CONFIRM, made.pk),
        "campaign": str(made.pk),
        "french": "fr",
    }


def _passkey(account: Any, now: datetime) -> Any:
    from django.conf import settings

    from seqlense.accounts import passkeys
    from tests import cast
    from tests.accounts.authenticator import Authenticator

    device = Authenticator(origin=settings.SEQLENSE_PUBLIC_URL)
    answer = device.create(passkeys.offer_to_add(account, now=now))
    return passkeys.add(account, answer, name="Bleue Quitschgrün", actor=cast.actor(account), now=now).pk


def session_of(account: Any) -> str:
    """The cookie of a browser in which that person is signed in, with two factors."""
    from tests import cast

    return cast.signed_in(account, strong=True).cookies["session"].value


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seqlense.project.settings")
    django.setup()
    json.dump(plant(), sys.stdout)


if __name__ == "__main__":
    main()
