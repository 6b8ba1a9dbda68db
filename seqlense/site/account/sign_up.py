"""Asking for an account. The page answers the same for every address; the mail tells its holder alone what is
the case.
"""

from babel.core import Locale, UnknownLocaleError
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from seqlense.accounts import doors, profile, signing_up
from seqlense.accounts.errors import TooManyAttempts
from seqlense.site.account import words
from seqlense.site.account.forms import SignUpForm


@login_not_required
@never_cache
@sensitive_post_parameters()
@doors.at_even_pace
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for an address and a country; send a link."""
    form = SignUpForm(request.POST or None, initial={"country": likely_country(request)})
    if request.method == "POST" and form.is_valid():
        wishes = signing_up.Wishes(language=get_language() or "fr", country=form.cleaned_data["country"])
        source = doors.place(request).source
        try:
            signing_up.ask(form.cleaned_data["email"], wishes, source=source, now=doors.moment(request))
        except TooManyAttempts as error:
            form.add_error(None, words.of_error(error))
        else:
            return redirect("site:sign_up_sent")
    return render(request, "site/account/sign_up.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_safe
def sign_up_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, whoever holds the address."""
    return render(request, "site/account/sign_up_sent.html")


def likely_country(request: HttpRequest) -> str:
    """The country that the browser's first language names, or ours."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            territory = Locale.parse(code, sep="-").territory
        except (UnknownLocaleError, ValueError):
            continue
        if territory in profile.countries():
            return str(territory)
    return "FR"
