"""The list of campaigns, and one of them: whom it reaches, how it looks, how far it is."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from seqlense.audience.newsletter import campaigns, mails, recipients, sending
from seqlense.audience.newsletter.models import Campaign
from seqlense.console.campaigns import words
from seqlense.console.doors import OFFICER, PLATFORM, may, moment, person, staff
from seqlense.console.pages import page_of
from seqlense.mailing import composing, declarations
from seqlense.privacy import running


@dataclass(frozen=True, kw_only=True)
class Row:
    """A campaign as the list shows it."""

    campaign: Campaign
    subject: str
    state: str | Promise


def _row(campaign: Campaign) -> Row:
    subject, _text = campaign.words(translation.get_language() or "fr")
    return Row(campaign=campaign, subject=subject, state=words.STATES[campaign.state])


@staff(PLATFORM, OFFICER)
@require_safe
def campaigns_page(request: HttpRequest) -> HttpResponse:
    """All of them, the latest first."""
    page = page_of(request, Campaign.objects.all())
    context = {"page": page, "rows": [_row(one) for one in page], "writes": may(person(request), PLATFORM)}
    return render(request, "console/campaigns/list.html", context)


@staff(PLATFORM, OFFICER)
@require_safe
def campaign_page(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """One of them."""
    found, now = _found(campaign), moment(request)
    going = found.state in ("sending", "stopped")
    account = person(request)
    to_come = recipients.left(found, now=now).count() if going else 0
    context = {
        "campaign": found,
        "row": _row(found),
        "audience": recipients.audience(found.about, now=now) if found.state != "sent" else None,
        "left": to_come,
        "total": found.posted + to_come,
        "minutes": -(-to_come // found.rate),
        "waiting": sending.waiting(found) if going else 0,
        "writes": may(account, PLATFORM),
        "own": found.written_by_id == account.subject_id,
        "activity": running.register().activities[recipients.activity_of(found.about)],
    }
    return render(request, "console/campaigns/campaign.html", context)


@staff(PLATFORM, OFFICER)
@require_safe
def preview(request: HttpRequest, campaign: UUID, language: str) -> HttpResponse:
    """The message in one language, as HTML and as plain text; its links lead nowhere."""
    found = _found(campaign)
    if language not in ("fr", "en"):
        raise Http404
    template = declarations.get(campaigns.template_of(found.about))
    rendered = composing.render(
        template,
        {**template.sample, **mails.shown(found, language)},
        language=language,
        controller=running.register().controller,
    )
    context = {
        "campaign": found,
        "shown": mails.shown(found, language),
        "message": rendered,
        "lang": language,
    }
    return render(request, "console/campaigns/preview.html", context)


def _found(campaign: UUID) -> Campaign:
    found = Campaign.objects.filter(pk=campaign).first()
    if found is None:
        raise Http404
    return found
