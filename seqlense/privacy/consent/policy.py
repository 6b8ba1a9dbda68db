"""What this visitor's browser may ask of outsiders, told to the browser: it enforces what they chose.

Two content security policies go out in one header; a browser obeys both. The first says which scripts may
run at all (those with the nonce of this answer), the second which hosts may be reached: ours, and those of
services that this visitor accepted. A template that names any other host loads nothing from it.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from seqlense.privacy import running
from seqlense.privacy.consent import choices
from seqlense.privacy.consent.outside import services
from seqlense.register import Register

type Handler = Callable[[HttpRequest], HttpResponse]

HEADER: Final = "Content-Security-Policy"
OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "data:"),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "manifest-src": ("'self'",),
}
"""What every visitor's browser may load; SEQLENSE_OWN_SOURCES replaces it."""


def outside_hosts(get_response: Handler) -> Handler:
    """Middleware, outside of Django's ContentSecurityPolicyMiddleware: adds the second policy to its header.

    Only the signed cookie counts (`choices.choice`). The answer differs by it, so caches are told (Vary).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        first = response.headers.get(HEADER)
        if first is None:
            return response
        register = running.register()
        response.headers[HEADER] = f"{first}, {policy(register, accepted(request, register))}"
        if services(register):
            patch_vary_headers(response, ["Cookie", "Sec-GPC"])
        return response

    return middleware


def accepted(request: HttpRequest, register: Register) -> frozenset[str]:
    """Ids of the services that this browser may reach; none where nothing was chosen, or before the request
    had its moment.
    """
    if not services(register) or not hasattr(request, "now"):
        return frozenset()
    made = choices.choice(request)
    return made.accepted if made is not None else frozenset()


def policy(register: Register, accepted_ids: Collection[str]) -> str:
    """The second policy, for a visitor who accepted those services."""
    own = getattr(settings, "SEQLENSE_OWN_SOURCES", OWN)
    sources = {directive: list(allowed) for directive, allowed in own.items()}
    for service in services(register):
        if service.id in accepted_ids:
            for kind, hosts in service.hosts.items():
                found = sources.setdefault(f"{kind}-src", [])
                found.extend(f"https://{host}" for host in hosts if f"https://{host}" not in found)
    return "; ".join(f"{directive} {' '.join(allowed)}" for directive, allowed in sources.items())
