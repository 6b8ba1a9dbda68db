"""Settings of an organisation: its name, the second factor it demands."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from seqlense.accounts import factors
from seqlense.accounts.doors import recently_confirmed
from seqlense.organisations import founding, queries
from seqlense.organisations.errors import ChangedMeanwhile, InvalidName, SecondFactorMissing
from seqlense.organisations.roles import Permission
from seqlense.site.organisations import words
from seqlense.site.organisations.doors import Here, member
from seqlense.site.organisations.forms import Renaming, Seen


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.SETTINGS)
def settings(request: HttpRequest, here: Here) -> HttpResponse:
    """Show all settings; save the name."""
    form = Renaming(request.POST) if request.method == "POST" else Renaming.showing(here.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            founding.rename(here.organisation.pk, **form.cleaned_data, actor=here.actor, now=here.now)
        except InvalidName as refused:
            form.add_error("name", words.of(refused))
        except ChangedMeanwhile as refused:
            return _changed_meanwhile(
                request, here, typed=form.cleaned_data["name"], problem=words.of(refused)
            )
        else:
            messages.success(request, _("The new name is saved."))
            return redirect("site:organisation_settings", here.organisation.pk)
    return _settings_page(request, here, form, status=422 if form.errors else 200)


def _changed_meanwhile(request: HttpRequest, here: Here, *, typed: str, problem: str) -> HttpResponse:
    """The form as it stands now, with what was typed kept beside it."""
    here.organisation.refresh_from_db()
    form = Renaming.showing(here.organisation)
    return _settings_page(request, here, form, status=409, problem=problem, typed=typed)


def _settings_page(
    request: HttpRequest, here: Here, form: Renaming, *, status: int, problem: str = "", typed: str = ""
) -> HttpResponse:
    context = {
        "here": here,
        "form": form,
        "problem": problem,
        "typed": typed,
        "strong": factors.is_strong(here.account),
        "offer": queries.handover(here.organisation, now=here.now),
    }
    return render(request, "site/organisations/settings.html", context, status=status)


@require_POST
@member(Permission.SETTINGS)
@recently_confirmed
def second_factor(request: HttpRequest, here: Here) -> HttpResponse:
    """Demand a second factor of every member, or stop."""
    form, demanded = Seen(request.POST), request.POST.get("demand") == "yes"
    back = redirect("site:organisation_settings", here.organisation.pk)
    if not form.is_valid():
        return back
    try:
        founding.demand_second_factor(
            here.organisation.pk,
            demanded=demanded,
            seen=form.cleaned_data["seen"],
            account=here.account,
            actor=here.actor,
            now=here.now,
        )
    except (SecondFactorMissing, ChangedMeanwhile) as refused:
        messages.error(request, words.of(refused))
    else:
        told = (
            _("Every member now needs a second factor.")
            if demanded
            else _("A second factor is no longer demanded.")
        )
        messages.success(request, told)
    return back
