"""Where a visitor is, as far as a process behind proxies can know."""

from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from seqlense.project.middleware import visitors_address

VISITOR, INVENTED, PROXY, OTHER = "203.0.113.7", "198.51.100.1", "10.0.3.7", "192.0.2.9"


@pytest.mark.parametrize(
    ("peer", "claimed", "seen"),
    [
        (PROXY, VISITOR, VISITOR),
        (PROXY, f"{INVENTED}, {VISITOR}", VISITOR),
        (PROXY, f"{INVENTED}, {VISITOR}, {PROXY}", VISITOR),
        (PROXY, "2001:db8::1", "2001:db8::1"),
        ("", VISITOR, VISITOR),
        (OTHER, VISITOR, OTHER),
        (PROXY, None, PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{VISITOR}, \0", PROXY),
    ],
)
def test_an_address_counts_as_far_as_trusted_machines_wrote_it(
    settings: object, peer: str, claimed: str | None, seen: str
) -> None:
    settings.SEQLENSE_TRUSTED_PROXIES = (ip_network("10.0.0.0/8"),)  # type: ignore[attr-defined]  # pytest-django's
    found: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        found.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    request = RequestFactory().get("/")
    request.META["REMOTE_ADDR"] = peer
    if claimed is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = claimed
    visitors_address(page)(request)
    assert found == [seen]
