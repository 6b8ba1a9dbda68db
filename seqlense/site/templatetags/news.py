"""What waits for the answer of whoever is signed in, above every page of theirs."""

from typing import Any

from django import template
from django.template import Context

from seqlense.site.versions import banner

register = template.Library()


@register.inclusion_tag("site/versions/_banner.html", takes_context=True)
def notice_news(context: Context) -> dict[str, Any]:
    """`{% load news %}{% notice_news %}`: nothing at all for those whom no change concerns."""
    request = context.get("request")
    news = banner.waiting(request) if request is not None else None
    return {"news": news, "request": request, "csrf_token": context.get("csrf_token")}
