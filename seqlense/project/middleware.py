"""What every request carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from seqlense.kit import clock


def request_moment(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Read the clock once: `request.now` is the moment of everything this request does."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
