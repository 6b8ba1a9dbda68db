"""Messages of this room. Address and words are looked up at the moment of sending, from opaque ids.

First those about the account; then letters about the use of a person's data: what they limited, what was
decided, what ends. There `about` is the proof row, which never changes: the letter tells what happened,
however late it leaves.
"""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.dateformat import format as dated
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from seqlense import mailing
from seqlense.accounts import events, links
from seqlense.accounts.models import Account, MailLink, SecurityEvent, account_of
from seqlense.mailing import MailTemplate
from seqlense.privacy import running, signals, switches
from seqlense.privacy.publishing import signals as publishing
from seqlense.privacy.publishing import telling
from seqlense.privacy.records import Act, RightsRequest
from seqlense.privacy.switches import words

ZONE = "Europe/Paris"
SAMPLE_URL = "https://customers.example.com/fr/link/0123456789/"


def _own_address(about: UUID) -> str | None:
    link = _link(about)
    return link.account.email if link else None


def _new_address(about: UUID) -> str | None:
    link = _link(about)
    return link.email_change.new_email if link and link.email_change else None


def _link(about: UUID) -> MailLink | None:
    found = MailLink.objects.filter(pk=about, used_at=None, replaced_at=None)
    return found.select_related("account", "email_change").first()


def _link_context(about: UUID) -> Mapping[str, Any] | None:
    link = _link(about)
    if link is None:
        return None
    context = {
        "url": links.url(link, get_language() or "fr"),
        "expires_at": link.expires_at,
        "time_zone": link.account.time_zone,
    }
    return {**context, "new_email": link.email_change.new_email} if link.email_change else context


def _link_template(
    purpose: MailLink.Purpose, address: Callable[[UUID], str | None], item: str
) -> MailTemplate:
    return MailTemplate(
        id=f"accounts.{purpose.value}",
        activity="mailing",
        item=item,
        address=address,
        context=_link_context,
        in_spite="asked",
        sample={"url": SAMPLE_URL, "expires_at": None, "time_zone": ZONE, "new_email": "camille@example.com"},
    )


verify = _link_template(MailLink.Purpose.VERIFY, _own_address, "accounts.email")
reset = _link_template(MailLink.Purpose.RESET, _own_address, "accounts.email")
old_address = _link_template(MailLink.Purpose.OLD_ADDRESS, _own_address, "accounts.email")
new_address = _link_template(MailLink.Purpose.NEW_ADDRESS, _new_address, "accounts.new_email")


def _account_address(about: UUID) -> str | None:
    account = Account.objects.filter(pk=about).first()
    return account.email if account is not None and account.is_active else None


def _known_context(about: UUID) -> Mapping[str, Any]:
    return {"sign_in": _page("site:sign_in"), "forgotten": _page("site:forgotten")}


def _page(name: str) -> str:
    return settings.SEQLENSE_PUBLIC_URL + reverse(name)


known = MailTemplate(
    id="accounts.known",
    activity="mailing",
    item="accounts.email",
    address=_account_address,
    context=_known_context,
    in_spite="asked",
    sample={"sign_in": SAMPLE_URL, "forgotten": SAMPLE_URL},
)


def _event_address(about: UUID) -> str | None:
    event = SecurityEvent.objects.filter(pk=about).select_related("account").first()
    return event.account.email if event is not None and event.account.is_active else None


def _event_context(about: UUID) -> Mapping[str, Any] | None:
    event = SecurityEvent.objects.filter(pk=about).select_related("account").first()
    if event is None:
        return None
    return {
        "what": events.KINDS[event.kind],
        "at": event.at,
        "time_zone": event.account.time_zone,
        "device": event.device or "",
        "url": _page("site:security"),
        "forgotten": _page("site:forgotten"),
    }


security = MailTemplate(
    id="accounts.security",
    activity="mailing",
    item="accounts.email",
    address=_event_address,
    context=_event_context,
    in_spite="safety",
    sample={
        "what": events.KINDS["passkey_added"],
        "at": None,
        "time_zone": ZONE,
        "device": "Firefox, Linux",
        "url": SAMPLE_URL,
        "forgotten": SAMPLE_URL,
    },
)


RIGHT: Final = "accounts.right"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A headline and sentences. In both, %(activity)s, %(day)s and %(ground)s are filled in."""

    headline: str | Promise
    sentences: tuple[str | Promise, ...]


COMPLAIN: Final = _("If our answer doesn't satisfy you, you may complain to %(authority)s, or go to court.")
LETTERS: Final[Mapping[str, Letter]] = {
    "privacy.restricted": Letter(
        headline=_("The use of your data is limited: %(activity)s"),
        sentences=(
            _("From now on we store this data and do nothing else with it, save what you ask us for."),
            _("We will tell you before that ends. You can end it yourself at any time."),
        ),
    ),
    "privacy.objected": Letter(
        headline=_("We received your objection: %(activity)s"),
        sentences=(
            _("We answer by %(day)s at the latest. Until then we only store this data."),
            _("You can take your objection back at any time."),
        ),
    ),
    "privacy.objected.at_once": Letter(
        headline=_("We stopped at your request: %(activity)s"),
        sentences=(_("You gave no reason and need none. This data serves that purpose no longer."),),
    ),
    "privacy.consent_withdrawn": Letter(
        headline=_("Your consent is withdrawn: %(activity)s"),
        sentences=(
            _("This data serves that purpose no longer. What was done before stays lawful."),
            _("Should you change your mind, you can consent again where we asked you."),
        ),
    ),
    "privacy.objection_decided.accepted": Letter(
        headline=_("Your objection is accepted: %(activity)s"),
        sentences=(_("This data serves that purpose no longer."),),
    ),
    "privacy.objection_decided.rejected": Letter(
        headline=_("Our answer to your objection: %(activity)s"),
        sentences=(
            _("We can't follow it. The ground that weighs more: %(ground)s."),
            _("Until %(day)s we still only store this data; after that its use goes on."),
            COMPLAIN,
        ),
    ),
    "privacy.lift_announced": Letter(
        headline=_("A limit on the use of your data ends soon: %(activity)s"),
        sentences=(
            _("From %(day)s we will use this data again as our privacy policy says."),
            COMPLAIN,
        ),
    ),
    "privacy.restriction_lifted": Letter(
        headline=_("Your data may be used again: %(activity)s"),
        sentences=(_("The limit on the use of this data has ended."),),
    ),
    "privacy.objection_taken_back": Letter(
        headline=_("Your data may be used again: %(activity)s"),
        sentences=(_("You took your objection back."),),
    ),
    "privacy.consent_renewed": Letter(
        headline=_("You consented again: %(activity)s"),
        sentences=(_("This data serves that purpose again, until you withdraw your consent."),),
    ),
}


def listen() -> None:
    """Write when somebody's data was limited, freed or decided on, and when a notice changed for them."""
    signals.switched.connect(_write, dispatch_uid="accounts.mails")
    publishing.telling.connect(_tell, dispatch_uid="accounts.mails")


def _write(*, subject: UUID, act: Act | None, now: datetime, **_: object) -> None:
    """Nothing from a replay: the person was written to before."""
    account = account_of(subject)
    if act is not None and account is not None:
        mailing.post(template=RIGHT, subject=subject, about=act.pk, language=account.language, now=now)


def _account(about: UUID) -> tuple[Account, Act] | None:
    act = Act.objects.filter(pk=about).first()
    account = account_of(act.subject) if act is not None and act.subject else None
    return (account, act) if act is not None and account is not None and account.is_active else None


def _address(about: UUID) -> str | None:
    found = _account(about)
    return found[0].email if found else None


def _context(about: UUID) -> Mapping[str, Any] | None:
    found = _account(about)
    if found is None:
        return None
    account, act = found
    letter, filled = LETTERS[_which(act)], _filled(act, ZoneInfo(account.time_zone))
    return {
        "headline": str(letter.headline) % filled,
        "sentences": [str(one) % filled for one in letter.sentences],
        "reason": _reason(act),
        "link": settings.SEQLENSE_PUBLIC_URL + reverse("site:my_requests"),
    }


def _which(act: Act) -> str:
    if act.kind == "privacy.objected" and act.detail.get("accepted"):
        return f"{act.kind}.at_once"
    if act.kind == "privacy.objection_decided":
        return f"{act.kind}.{'accepted' if act.detail['accepted'] else 'rejected'}"
    return act.kind


def _filled(act: Act, zone: ZoneInfo) -> dict[str, str]:
    register, language = running.register(), get_language() or "fr"
    activity = register.activities.get(act.detail["activity"])
    lifts_at, request = act.detail.get("lifts_at"), act.detail.get("request")
    day: Any = datetime.fromisoformat(lifts_at).astimezone(zone) if lifts_at else None
    if day is None and request:
        day = RightsRequest.objects.filter(pk=request).values_list("due_on", flat=True).first()
    return {
        "activity": activity.title.in_(language) if activity else act.detail["activity"],
        "day": dated(day, "j F Y") if day else "",
        "ground": str(words.OVERRIDES.get(act.detail.get("override", ""), "")),
        "authority": register.controller.authority.name.in_(language),
    }


def _reason(act: Act) -> str:
    """What the officer wrote to this act, for the person: a refusal says why (GDPR art. 12(4))."""
    switch = switches.Switch.objects.filter(pk=act.detail["switch"]).first()
    if switch is None or act.actor_kind != "staff":
        return ""
    texts = switches.texts(switch, switches.RequestText.By.OFFICER)
    return next((one.text for one in texts if one.at == act.at), "")


right = MailTemplate(
    id=RIGHT,
    activity="rights_requests",
    item="accounts.email",
    address=_address,
    context=_context,
    sample={
        "headline": _("The use of your data is limited: %(activity)s"),
        "sentences": [COMPLAIN],
        "reason": "§",
        "link": "https://customers.example.com/fr/my-data/requests/",
    },
)


# --- A new version of the notices ---------------------------------------------------------------------------
NEWS: Final = "accounts.notices"


def _tell(*, waiting: MutableMapping[UUID, UUID], now: datetime, **_: object) -> None:
    """Post to those who have an open account; the others are left to whoever else has an address."""
    for account in Account.objects.filter(subject_id__in=list(waiting)):
        if account.is_active:
            told = waiting.pop(account.subject_id)
            mailing.post(
                template=NEWS, subject=account.subject_id, about=told, language=account.language, now=now
            )


def _news_address(about: UUID) -> str | None:
    letter = telling.letter(about, "en")
    account = account_of(letter.subject) if letter else None
    return account.email if account is not None and account.is_active else None


def _news_context(about: UUID) -> Mapping[str, Any] | None:
    letter = telling.letter(about, get_language() or "fr")
    if letter is None:
        return None
    return {
        "changes": letter.changes,
        "explanation": letter.explanation,
        "answer": letter.answer,
        "day": letter.day,
        "link": _page("site:notice_news"),
    }


# Rests on a legal obligation: it goes although somebody limited the use of their data.
news = MailTemplate(
    id=NEWS,
    activity="notices",
    item="accounts.email",
    address=_news_address,
    context=_news_context,
    sample={
        "changes": ["§"],
        "explanation": "§",
        "answer": True,
        "day": "14 mars 2027",
        "link": "https://customers.example.com/fr/notices/news/",
    },
)
