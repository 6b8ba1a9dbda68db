"""Legal notice, privacy policy, cookie policy: drawn from the running register at each request."""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from seqlense.privacy import notices, running
from seqlense.privacy.models import RegisterVersion
from seqlense.privacy.notices import Notice
from seqlense.privacy.publishing import versions
from seqlense.privacy.publishing.versions import Standing
from seqlense.register import Register
from seqlense.site.public.notice_layout import blocks


class Draw(Protocol):
    def __call__(self, register: Register, language: str, *, since: date | None = None) -> Notice: ...


def _page(draw: Draw) -> Callable[[HttpRequest], HttpResponse]:
    @require_safe
    @login_not_required
    @non_atomic_requests
    def page(request: HttpRequest) -> HttpResponse:
        register = running.register()
        since, standing = _published(register.version)
        notice = draw(register, get_language() or "fr", since=since)
        context = {"notice": notice, "blocks": blocks(notice), "standing": standing}
        return render(request, "site/public/notice.html", context)

    return page


def _published(version: str) -> tuple[date | None, Standing | None]:
    """From which day that version runs, and which published version says so.

    Unknown while the database is away: the notice shows all the same.
    """
    try:
        row = RegisterVersion.objects.only("running_since").filter(version=version).first()
        return timezone.localdate(row.running_since) if row else None, versions.standing()
    except OperationalError:
        return None, None


legal_notice = _page(notices.legal_notice)
privacy_policy = _page(notices.privacy_policy)
cookie_policy = _page(notices.cookie_policy)
