"""Adding, naming and removing passkeys."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from seqlense.accounts import devices, doors, passkeys
from seqlense.accounts.errors import AccountError, InvalidChoice, LastFactor
from seqlense.site.account import words
from seqlense.site.account.forms import PasskeyForm


@never_cache
@doors.recently_confirmed
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Make a passkey on this device, or on a key or phone at hand."""
    account, now = doors.person(request), doors.moment(request)
    proposed = devices.at_hand()
    form = PasskeyForm(request.POST or None, initial={"name": proposed})
    if request.method == "POST" and form.is_valid():
        answer, name = request.POST.get("passkey", ""), form.cleaned_data["name"]
        try:
            passkeys.add(account, answer, name=name, actor=doors.actor(request), now=now)
        except AccountError as error:
            form.add_error("name" if isinstance(error, InvalidChoice) else None, words.of_error(error))
        else:
            doors.mark_strong(request)
            messages.success(request, _("Your passkey is ready. From now on it lets you in by itself."))
            return redirect(doors.next_of(request, "site:security"))
    context = {
        "form": form,
        "options": passkeys.offer_to_add(account, now=now),
        "next": request.GET.get("next", ""),
    }
    return render(request, "site/account/passkey_add.html", context, status=422 if form.errors else 200)


@never_cache
def passkey_rename(request: HttpRequest, passkey: UUID) -> HttpResponse:
    """Call it otherwise."""
    account = doors.person(request)
    row = account.passkeys.filter(pk=passkey).first()
    if row is None:
        raise Http404
    form = PasskeyForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        name, now = form.cleaned_data["name"], doors.moment(request)
        try:
            passkeys.rename(account, passkey, name=name, actor=doors.actor(request), now=now)
        except InvalidChoice as error:
            form.add_error("name", words.of_error(error))
        else:
            return redirect("site:security")
    return render(
        request, "site/account/passkey_rename.html", {"form": form}, status=422 if form.errors else 200
    )


@never_cache
@require_POST
@doors.recently_confirmed
def passkey_remove(request: HttpRequest, passkey: UUID) -> HttpResponse:
    """Take it away."""
    account, now = doors.person(request), doors.moment(request)
    try:
        if not passkeys.remove(account, passkey, actor=doors.actor(request), now=now):
            raise Http404
    except LastFactor as error:
        messages.error(request, words.of_error(error))
    else:
        messages.success(
            request, _("That passkey no longer opens your account. Remove it from the device as well.")
        )
    return redirect("site:security")
