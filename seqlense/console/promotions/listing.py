"""The list of interests that people may declare."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from seqlense.audience.promotions import interests
from seqlense.audience.promotions.errors import InvalidText, PromotionError
from seqlense.audience.promotions.models import Interest
from seqlense.console.doors import OFFICER, PLATFORM, actor, may, moment, person, staff
from seqlense.console.promotions import words
from seqlense.console.promotions.forms import InterestForm


@staff(PLATFORM, OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def interests_page(request: HttpRequest) -> HttpResponse:
    """The list, and one more for it."""
    writes = may(person(request), PLATFORM)
    if request.method == "POST" and not writes:
        raise PermissionDenied
    form = InterestForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _added(request, form):
        messages.success(request, _("On the list: people can declare it from now on."))
        return redirect("console:interests")
    context = {"form": form, "interests": interests.offered(), "writes": writes}
    return render(request, "console/promotions/interests.html", context, status=422 if form.errors else 200)


def _added(request: HttpRequest, form: InterestForm) -> bool:
    labels = form.cleaned_data["label_fr"], form.cleaned_data["label_en"]
    try:
        interests.add(labels, actor=actor(request), now=moment(request))
    except InvalidText as refused:
        form.add_error(refused.field.replace("title", "label"), str(words.of(refused)))
        return False
    except PromotionError as refused:
        form.add_error(None, str(words.of(refused)))
        return False
    return True


@staff(PLATFORM)
@require_POST
def retire_interest(request: HttpRequest, interest: UUID) -> HttpResponse:
    """Take it off the list."""
    try:
        interests.retire(interest, actor=actor(request), now=moment(request))
    except Interest.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Off the list. Promotions whose rule names it are shown to everyone alike."))
    return redirect("console:interests")
