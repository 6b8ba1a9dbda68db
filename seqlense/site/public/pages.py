"""Pages that anyone may read. They ask nothing of the database, and set no cookie."""

from django.contrib.auth.decorators import login_not_required
from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from seqlense.privacy import running
from seqlense.privacy.consent import outside
from seqlense.site.public.picture import picture


@require_safe
@login_not_required
@non_atomic_requests
def front(request: HttpRequest) -> HttpResponse:
    register = running.register()
    shown = [(one.id, one.video) for one in outside.services(register) if one.video is not None]
    return render(request, "site/public/front.html", {"picture": picture(register), "videos": shown})


@require_safe
@login_not_required
@non_atomic_requests
def contact(request: HttpRequest) -> HttpResponse:
    register = running.register()
    hosts = [(register.recipients[server.host], server.country) for server in register.controller.servers]
    return render(request, "site/public/contact.html", {"controller": register.controller, "hosts": hosts})
