"""Settings, a section at a time, and the change of address."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seqlense.accounts import doors, email_change, profile
from seqlense.accounts.errors import ChangedMeanwhile, InvalidChoice, TooManyAttempts
from seqlense.accounts.models import Account
from seqlense.audience.promotions.slots import Slot
from seqlense.site.account import words
from seqlense.site.account.forms import SECTION_FORMS, NewAddressForm, SectionForm
from seqlense.site.middleware import ZONE
from seqlense.site.promotions.cards import card_of


@require_safe
@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    """Every section, as it is saved now."""
    return _page(request, doors.person(request))


@never_cache
def settings_section(request: HttpRequest, section: str) -> HttpResponse:
    """Save one section; the others on the page are untouched."""
    if section not in SECTION_FORMS:
        raise Http404
    if request.method != "POST":
        return redirect("site:settings")
    account = doors.person(request)
    form = SECTION_FORMS[section](request.POST, prefix=section)
    if not form.is_valid():
        return _page(request, account, form)
    try:
        saved = _save(request, account, form)
    except ChangedMeanwhile:
        return _page(request, Account.objects.get(pk=account.pk), _asked_again(form, account), changed=True)
    except InvalidChoice as error:
        form.add_error(error.code.rpartition(".")[2], words.of_error(error))
        return _page(request, account, form)
    with override(saved.language):
        messages.success(request, _("Saved."))
    request.session[ZONE] = saved.time_zone
    return redirect(translate_url(reverse("site:settings"), saved.language) + f"#{section}")


def _save(request: HttpRequest, account: Account, form: SectionForm) -> Account:
    values = dict(form.cleaned_data)
    seen = values.pop("seen")
    return profile.save(
        account, form.section, values, seen_as=seen, actor=doors.actor(request), now=doors.moment(request)
    )


def _asked_again(form: SectionForm, account: Account) -> SectionForm:
    """What the person typed, beside what another tab saved: sending it once more overwrites it knowingly."""
    current = Account.objects.get(pk=account.pk)
    data = {**dict(form.data.items()), form.add_prefix("seen"): profile.seen(current, form.section)}
    return type(form)(data, prefix=form.section)


def _page(
    request: HttpRequest, account: Account, sent: SectionForm | None = None, *, changed: bool = False
) -> HttpResponse:
    forms: dict[str, Any] = {name: form.shown(account) for name, form in SECTION_FORMS.items()}
    if sent is not None:
        forms[sent.section] = sent
    context = {
        "account": account,
        "forms": forms,
        "sent": sent,
        "changed": sent.section if sent is not None and changed else "",
        "saved": _readable(sent, account) if sent is not None and changed else [],
        "promotion": card_of(request, Slot.SETTINGS),
        "email_change": email_change.under_way(account, now=doors.moment(request)),
    }
    status = 409 if changed else 422 if sent is not None else 200
    return render(request, "site/account/settings.html", context, status=status)


def _readable(form: SectionForm, account: Account) -> list[str]:
    """A section's saved values, as the person reads them."""
    found = []
    for name in profile.SECTIONS[form.section]:
        value, choices = getattr(account, name), dict(getattr(form.fields[name], "choices", []))
        found.append(str(choices.get(value, value)) or _("nothing"))
    return found


@never_cache
@doors.recently_confirmed
def email(request: HttpRequest) -> HttpResponse:
    """Ask for another address; both mailboxes will be asked."""
    account = doors.person(request)
    form = NewAddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address, now = form.cleaned_data["email"], doors.moment(request)
        try:
            email_change.ask(account, address, actor=doors.actor(request), now=now)
        except (InvalidChoice, TooManyAttempts) as error:
            form.add_error("email", words.of_error(error))
        else:
            messages.success(request, _("Two messages are on their way: one to each address."))
            return redirect(reverse("site:settings") + "#email")
    return render(request, "site/account/email.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def email_call_off(request: HttpRequest) -> HttpResponse:
    """Forget the change under way."""
    email_change.call_off(doors.person(request), actor=doors.actor(request), now=doors.moment(request))
    messages.success(request, _("The change of address is called off. The links sent are worth nothing now."))
    return redirect(reverse("site:settings") + "#email")
