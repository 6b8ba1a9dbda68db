"""The signed-in home: what waits for an answer, one's organisations, and how safe the account is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seqlense.accounts import doors, factors
from seqlense.audience.promotions.slots import Slot
from seqlense.organisations import doors as organisations
from seqlense.site.promotions.cards import card_of


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Everything on one page, in a number of queries that doesn't grow with anything."""
    account = doors.person(request)
    mine, offers = organisations.standing(account.subject_id, now=doors.moment(request))
    context = {
        "account": account,
        "mine": mine,
        "offers": offers,
        "promotion": card_of(request, Slot.HOME),
        "strong": factors.is_strong(account),
    }
    return render(request, "site/home/home.html", context)
