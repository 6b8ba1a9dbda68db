"""Pages on which people limit the use of their data, object to it, withdraw consent, or free it again."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from seqlense.accounts import doors
from seqlense.privacy import requests, switches
from seqlense.privacy.switches import Kind, Offer
from seqlense.site.mydata import rights

LONGEST = 2000


class ReasonsForm(forms.Form):
    """What the person wants to say; nothing at all will do."""

    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("Only our data-protection officer reads it. It is stored encrypted, with your request."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class LimitForm(ReasonsForm):
    """With the ground that the law asks for."""

    ground = forms.ChoiceField(label=_("Your reason"), widget=forms.RadioSelect)

    def __init__(self, *args: object, offered: Offer, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they come
        self.fields["ground"].choices = rights.choices(offered)  # type: ignore[attr-defined]  # a choice field
        self.order_fields(["ground", "words"])


@never_cache
def limit(request: HttpRequest, activity: str) -> HttpResponse:
    """GDPR art. 18."""
    offered = _offered(activity, Kind.RESTRICTION)
    return _page(request, offered, Kind.RESTRICTION, LimitForm(request.POST or None, offered=offered))


@never_cache
def object_to(request: HttpRequest, activity: str) -> HttpResponse:
    """GDPR art. 21."""
    offered = _offered(activity, Kind.OBJECTION)
    form = forms.Form if offered.at_once else ReasonsForm
    return _page(request, offered, Kind.OBJECTION, form(request.POST or None))


@never_cache
def withdraw(request: HttpRequest, activity: str) -> HttpResponse:
    """GDPR art. 7(3): as easy as giving it."""
    offered = _offered(activity, Kind.WITHDRAWAL)
    return _page(request, offered, Kind.WITHDRAWAL, forms.Form(request.POST or None))


@require_POST
@never_cache
def free(request: HttpRequest, switch: UUID) -> HttpResponse:
    """The person frees the use again; what was freed meanwhile stays so."""
    person, now = doors.person(request), doors.moment(request)
    try:
        switches.take_back(switch, subject=person.subject_id, actor=doors.actor(request), now=now)
    except (switches.Switch.DoesNotExist, switches.NotOffered):
        raise Http404 from None
    except switches.AlreadyLifted:
        messages.info(request, gettext("That had ended already."))
    else:
        messages.success(request, gettext("Done: this data may be used again, as My data says."))
    return redirect("site:my_data")


def _offered(activity: str, kind: Kind) -> Offer:
    offered = switches.offer(activity)
    if offered is None or not offered.allows(kind):
        raise Http404
    return offered


def _page(request: HttpRequest, offered: Offer, kind: Kind, form: forms.Form) -> HttpResponse:
    """What it stops and what goes on all the same; then the person's word."""
    subject, now = doors.person(request).subject_id, doors.moment(request)
    if request.method == "POST" and form.is_valid():
        actor = doors.actor(request)
        try:
            made = switches.set(kind, subject, offered.activity.id, actor=actor, now=now, **form.cleaned_data)
        except switches.NotOffered:
            raise Http404 from None
        messages.success(request, _said(made))
        return redirect("site:my_requests")
    context = {
        "form": form,
        "offered": offered,
        "kind": kind,
        "effect": rights.effect(offered, kind, requests.due_on(now)),
    }
    return render(request, "site/mydata/switch.html", context, status=422 if form.errors else 200)


def _said(made: switches.Switch) -> str:
    if made.waits:
        return gettext("We received your objection. Until we have decided, this data is only stored.")
    return gettext("Done: from now on this data is only stored.")
