"""`{% load social %}`: sharing a public page, and whether accounts of networks can be linked."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context

from seqlense.audience.social import linking
from seqlense.privacy import running
from seqlense.site.social import sharing

register = template.Library()


@register.inclusion_tag("site/social/_share.html", takes_context=True)
def share_links(context: Context, title: str) -> dict[str, Any]:
    """Links for sharing the page being shown, under that title."""
    request: HttpRequest = context["request"]
    ropa = running.register()
    return {
        "links": sharing.links(ropa, request.path, title),
        "own_pages": sharing.own_pages(ropa),
        "url": sharing.canonical(request.path),
        "title": title,
    }


@register.simple_tag
def networks_to_link() -> bool:
    """Whether the page of linked accounts has anything to offer."""
    return bool(linking.offered())
