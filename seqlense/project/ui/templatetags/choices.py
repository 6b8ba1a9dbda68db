"""Outside services on a page: the panel that asks, and videos that wait for an answer."""

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.db import OperationalError
from django.http import HttpRequest
from django.template import Context
from django.utils.translation import get_language

from seqlense.privacy import running
from seqlense.privacy.consent import choices
from seqlense.privacy.consent.outside import service, services
from seqlense.project.ui import panel

register = template.Library()


@register.inclusion_tag("ui/panel.html", takes_context=True)
def choices_panel(context: Context) -> dict[str, Any]:
    """The panel; nothing where the running register has no outside service, or an error page shows."""
    request: HttpRequest | None = context.get("request")
    ropa = running.register()
    if request is None or not hasattr(request, "now") or not services(ropa):
        return {"told": ""}
    made = choices.choice(request)
    accepted = made.accepted if made else frozenset()
    try:
        told = panel.content(ropa, get_language() or "fr", made, now=request.now)
    except OperationalError:  # the database is away: what can't be put on record isn't asked
        return {"told": ""}
    return {
        "told": told,
        "loaded": [one.load for one in services(ropa) if one.load and one.id in accepted],
        "csp_nonce": context.get("csp_nonce"),
    }


@register.simple_tag(takes_context=True)
def accepted_services(context: Context) -> frozenset[str]:
    """Ids of the outside services that this visitor accepted."""
    request: HttpRequest | None = context.get("request")
    made = choices.choice(request) if request is not None and hasattr(request, "now") else None
    return made.accepted if made else frozenset()


@register.inclusion_tag("ui/video.html", takes_context=True)
def video(context: Context, service_id: str, video_id: str, title: str) -> dict[str, Any]:
    """`{% video "youtube" "ID" _("What it shows") %}`: the video for whoever accepted its service.

    For everyone else a place of our own, which says what would load and from whom; nothing where the service
    isn't in use.
    """
    found = service(running.register(), service_id)
    if found is None or found.embed is None:
        return {"service": None}
    page = (found.page or "").replace("{id}", video_id)
    return {
        "service": found,
        "title": title,
        "place": f"video-{service_id}-{video_id}",
        "embed": found.embed.replace("{id}", video_id),
        "page": page,
        "provider": urlsplit(page).hostname,
        "loads": found.id in accepted_services(context),
        "choices": panel.choices_page(),
    }
