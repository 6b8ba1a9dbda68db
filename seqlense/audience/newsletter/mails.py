"""The messages of this section. Whether somebody may be written to is asked once more when it is written."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from seqlense.accounts.models import account_of
from seqlense.audience.newsletter import links, recipients, wording
from seqlense.audience.newsletter.models import (
    Addressee,
    Asked,
    Campaign,
    PartnerReader,
    Reader,
    Sending,
)
from seqlense.audience.newsletter.topics import PARTNERS
from seqlense.kit import clock
from seqlense.mailing import MailTemplate
from seqlense.privacy.publishing import telling

type Context = Mapping[str, Any] | None

SAMPLE_URL: Final = "https://example.org/fr/newsletter/"


def _asked(about: UUID) -> Asked | None:
    return Asked.objects.filter(pk=about).first()


def _asked_address(about: UUID) -> str | None:
    found = _asked(about)
    return found.email if found else None


def _asked_context(about: UUID) -> Context:
    language = get_language() or "fr"
    return {"url": links.url("newsletter_confirm", links.CONFIRM, about, language)}


confirm = MailTemplate(
    id="newsletter.confirm",
    activity="newsletter_opt_in",
    item="newsletter_opt_in.asked_email",
    address=_asked_address,
    context=_asked_context,
    in_spite="asked",
    sample={"url": SAMPLE_URL},
)


def _addressee(about: UUID) -> tuple[Sending, Addressee] | None:
    """Who gets it, if they may still be written to and the campaign goes on."""
    sending = Sending.objects.select_related("campaign").filter(pk=about, trial=False).first()
    if sending is None or sending.campaign.stopped_at is not None:
        return None
    found = recipients.reaches(sending.campaign, sending.subject_id, now=clock.now())
    return (sending, found) if found is not None else None


def _address(about: UUID) -> str | None:
    found = _addressee(about)
    return found[1].address if found else None


def _context(about: UUID) -> Context:
    sending = Sending.objects.select_related("campaign").filter(pk=about).first()
    return _written(sending) if sending is not None else None


def _written(sending: Sending) -> dict[str, Any]:
    kind = links.PARTNERS if sending.campaign.about == PARTNERS else links.NEWS
    return {
        **shown(sending.campaign, sending.language),
        "unsubscribe_url": links.url("newsletter_unsubscribe", kind, sending.subject_id, sending.language),
        "preferences_url": links.url("newsletter_preferences", kind, sending.subject_id, sending.language),
    }


def shown(campaign: Campaign, language: str) -> dict[str, Any]:
    """What a campaign says in a language, as the templates take it."""
    subject, text = campaign.words(language)
    written = wording.write(text)
    return {
        "subject_text": subject,
        "html": mark_safe(written.html),  # noqa: S308 (sanitised by nh3)
        "preview": mark_safe(written.bare),  # noqa: S308 (the same)
        "text": written.text,
        "from_partners": campaign.about == PARTNERS,
    }


def _headers(context: Mapping[str, Any]) -> Mapping[str, str]:
    """RFC 2369 and RFC 8058: one address, by https; a POST there is enough."""
    return {
        "List-Unsubscribe": f"<{context['unsubscribe_url']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _given_up(abouts: Collection[UUID]) -> None:
    """Count them where the campaign is shown; who they were for is forgotten with the message."""
    found = Sending.objects.filter(pk__in=abouts, trial=False).values("campaign").annotate(number=Count("pk"))
    for one in found.order_by("campaign"):
        Campaign.objects.filter(pk=one["campaign"]).update(undelivered=F("undelivered") + one["number"])


_SAMPLE: Final = {
    "subject_text": "",
    "html": mark_safe("<p>…</p>"),
    "text": "…",
    "from_partners": False,
    "unsubscribe_url": SAMPLE_URL,
    "preferences_url": SAMPLE_URL,
}

issue = MailTemplate(
    id="newsletter.issue",
    activity="newsletter",
    item="newsletter.email",
    address=_address,
    context=_context,
    headers=_headers,
    written=True,
    given_up=_given_up,
    sample=_SAMPLE,
)
partners = MailTemplate(
    id="newsletter.partners",
    activity="partner_offers",
    item="partner_offers.email",
    address=_address,
    context=_context,
    headers=_headers,
    written=True,
    given_up=_given_up,
    sample={**_SAMPLE, "from_partners": True},
)


def _trial_address(about: UUID) -> str | None:
    sending = Sending.objects.filter(pk=about, trial=True).first()
    account = account_of(sending.subject_id) if sending is not None else None
    return account.email if account is not None and account.is_active else None


trial = MailTemplate(
    id="newsletter.trial",
    activity="newsletter",
    item="accounts.email",
    address=_trial_address,
    context=_context,
    headers=_headers,
    written=True,
    in_spite="asked",
    sample=_SAMPLE,
)


# --- A new version of the notices, to readers without an account --------------------------------------------
def _notices_address(model: type[Addressee]) -> Callable[[UUID], str | None]:
    def address(about: UUID) -> str | None:
        letter = telling.letter(about, "en")
        rows = model._default_manager.filter(account=None)
        row = rows.filter(subject_id=letter.subject).first() if letter else None
        return row.address if row is not None else None

    return address


def _notices_context(kind: str) -> Callable[[UUID], Context]:
    def context(about: UUID) -> Context:
        language = get_language() or "fr"
        letter = telling.letter(about, language)
        if letter is None:
            return None
        return {
            "changes": letter.changes,
            "explanation": letter.explanation,
            "answer": letter.answer,
            "day": letter.day,
            "link": links.url("newsletter_preferences", kind, letter.subject, language),
        }

    return context


def _notices(identifier: str, item: str, kind: str, model: type[Addressee]) -> MailTemplate:
    """Rests on a legal obligation: it goes although somebody limited the use of their data."""
    return MailTemplate(
        id=identifier,
        activity="notices",
        item=item,
        address=_notices_address(model),
        context=_notices_context(kind),
        sample={
            "changes": ["§"],
            "explanation": "§",
            "answer": True,
            "day": "14 mars 2027",
            "link": SAMPLE_URL,
        },
    )


notices = _notices("newsletter.notices", "newsletter.email", links.NEWS, Reader)
partner_notices = _notices(
    "newsletter.partner_notices", "partner_offers.email", links.PARTNERS, PartnerReader
)
