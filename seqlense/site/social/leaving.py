"""Off to a network, and back: the person agrees here, says yes there, and brings one code home.

What binds the answer to the question: `state` is made by this server for this person, good once and for a
quarter of an hour; it, the code's verifier and the nonce lie in this browser's session and nowhere else.
"""

import base64
import binascii
import hashlib
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.transaction import non_atomic_requests
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from seqlense.accounts import challenges, doors
from seqlense.accounts.errors import PasskeyRefused
from seqlense.accounts.models import Account
from seqlense.audience.social import exchanging, linking
from seqlense.audience.social.errors import Denied, NotOffered, SocialError, Stale
from seqlense.audience.social.exchanging import Question
from seqlense.audience.social.networks import KNOWN, Network
from seqlense.privacy import consent, running, switches
from seqlense.site.social import words

KEPT: Final = "networks"
"""Session key: what this browser was sent off with, by `state`."""
AT_ONCE: Final = 3
LONGEST_STATE: Final = 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def link(request: HttpRequest, network: str) -> HttpResponse:
    """What is asked and what the network learns; then, after a yes, a page that leads there."""
    at, account = _offered(network), doors.person(request)
    limited = switches.barred(account.subject_id, linking.ACTIVITY) == switches.Kind.RESTRICTION
    context = {"network": at, "recipient": running.register().recipients[at.id], "limited": limited}
    asked = render_to_string("site/social/_asked.html", context)
    context["asked"] = asked
    if request.method != "POST" or limited:
        return render(
            request, "site/social/link.html", context, status=409 if request.method == "POST" else 200
        )
    consent.give(
        account.subject_id,
        linking.PURPOSE,
        how="settings",
        shown=hashlib.sha256(asked.encode()).hexdigest(),
        language=get_language() or account.language,
        actor=doors.actor(request),
        now=doors.moment(request),
    )
    context["address"] = exchanging.address(at, _question(request, at), back=_back(at))
    return render(request, "site/social/leaving.html", context)


def _offered(network: str) -> Network:
    try:
        return linking.network(network)
    except NotOffered:
        raise Http404 from None


def _back(network: Network) -> str:
    """The one address at which the network may hand people back; the company tells it to the network."""
    return settings.SEQLENSE_PUBLIC_URL.rstrip("/") + reverse("network_answer", args=[network.id])


def _question(request: HttpRequest, network: Network) -> Question:
    holder = str(doors.person(request).pk)
    made = challenges.issue(f"network.{network.id}", holder, now=doors.moment(request))
    question = Question(state=base64.urlsafe_b64encode(made).decode().rstrip("="))
    kept = dict(list(request.session.get(KEPT, {}).items())[-(AT_ONCE - 1) :])
    kept[question.state] = [question.verifier, question.nonce]
    request.session[KEPT] = kept
    return question


@require_GET
@never_cache
@login_not_required
@non_atomic_requests
def answer(request: HttpRequest, network: str) -> HttpResponse:
    """Back from the network, whatever it answered. Nobody waits for it inside a transaction."""
    if network not in KNOWN:
        raise Http404
    title = KNOWN[network].title
    if not isinstance(request.user, Account):
        messages.error(request, words.of(Stale(), title))
        return redirect("site:sign_in")
    with override(request.user.language):
        try:
            linked = _link(request, request.user, network)
        except SocialError as error:
            messages.error(request, words.of(error, title))
        else:
            name = linked or _("without a name")
            messages.success(
                request,
                _("Your account of %(network)s is linked: %(name)s.") % {"network": title, "name": name},
            )
        return redirect("site:networks")


def _link(request: HttpRequest, account: Account, network: str) -> str:
    """The name of the account that is linked now. Raises a SocialError."""
    question = _own_question(request, account, network)
    at, now, actor = linking.network(network), doors.moment(request), doors.actor(request)
    if request.GET.get("error"):
        linking.refused(account.subject_id, actor=actor, now=now)
        raise Denied
    who = exchanging.identity(at, request.GET.get("code", ""), question, back=_back(at), now=now)
    return linking.link(account, network, who, actor=actor, now=now).name


def _own_question(request: HttpRequest, account: Account, network: str) -> Question:
    """What this browser was sent off with; it is taken once, whatever comes of it. Raises Stale."""
    state = request.GET.get("state", "")
    kept = request.session.get(KEPT, {})
    if len(state) > LONGEST_STATE or state not in kept:
        raise Stale
    verifier, nonce = kept.pop(state)
    request.session[KEPT] = kept
    try:
        made = base64.urlsafe_b64decode(state + "=" * (-len(state) % 4))
        challenges.spend(made, f"network.{network}", str(account.pk), now=doors.moment(request))
    except (PasskeyRefused, binascii.Error, ValueError):
        raise Stale from None
    return Question(state=state, verifier=verifier, nonce=nonce)
