"""Files that machines look for at the root of the site."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from seqlense.privacy import running
from seqlense.site.consent import endpoint
from seqlense.site.public.log_files import urlpatterns as log_files
from seqlense.site.public.urls import urlpatterns as public
from seqlense.site.social import leaving

SECURITY_TEXT_LIFE = timedelta(days=180)


@require_safe
@login_not_required
@non_atomic_requests
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /static/",
        *[f"Disallow: /{code}/console/" for code, _ in settings.LANGUAGES],
    ]
    lines.append(f"Sitemap: {settings.SEQLENSE_PUBLIC_URL.rstrip('/')}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
@non_atomic_requests
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a weakness."""
    expires = (request.now + SECURITY_TEXT_LIFE).replace(microsecond=0)  # type: ignore[attr-defined]  # set by request_moment
    origin = settings.SEQLENSE_PUBLIC_URL.rstrip("/")
    lines = [
        f"Contact: mailto:{running.register().controller.contact}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: fr, en",
        f"Canonical: {origin}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
@non_atomic_requests
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page in every language, each naming the others."""
    pages = []
    for pattern in public:
        addresses = []
        for code, _ in settings.LANGUAGES:
            with override(code):
                addresses.append((code, reverse(f"site:{pattern.name}")))
        pages.append(addresses)
    context = {"origin": settings.SEQLENSE_PUBLIC_URL.rstrip("/"), "pages": pages}
    return render(request, "site/public/sitemap.xml", context, content_type="application/xml")


@require_safe
@login_not_required
@non_atomic_requests
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("ui/mark.svg"))


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security, name="security_text"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("favicon.ico", favicon, name="favicon"),
    path(endpoint.PATH.removeprefix("/"), endpoint.decide, name="consent"),
    path("networks/<slug:network>/answer/", leaving.answer, name="network_answer"),
    *log_files,
]
