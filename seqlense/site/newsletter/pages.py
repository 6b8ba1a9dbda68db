"""Subscribing without an account. The page answers the same for every address; its holder confirms."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from seqlense.accounts import doors
from seqlense.audience.newsletter import agreeing, asking, readers
from seqlense.audience.newsletter.errors import LinkRefused, TooOften
from seqlense.audience.newsletter.topics import Topic
from seqlense.site.account import words
from seqlense.site.newsletter.forms import SubscribeForm
from seqlense.site.newsletter.refusing import refused

FOLDER = "site/newsletter"


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@doors.at_even_pace
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for an address and topics; send a link."""
    form = SubscribeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said, source = form.cleaned_data, doors.place(request).source
        wish = asking.Wish(topics=said["topics"], language=get_language() or "fr", partners=said["partners"])
        try:
            asking.ask(said["email"], wish, source=source, now=doors.moment(request))
        except TooOften as wait:
            form.add_error(None, words.wait(wait.again_in))
        else:
            return redirect("site:newsletter_sent")
    return render(request, f"{FOLDER}/subscribe.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next, whoever holds the address."""
    return render(request, f"{FOLDER}/sent.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Looking confirms nothing (mail scanners open every link); the button does."""
    try:
        asked = asking.look(token)
        if request.method == "POST":
            asking.confirm(token, now=doors.moment(request))
            return render(request, f"{FOLDER}/confirmed.html")
    except LinkRefused as error:
        return refused(request, error)
    chosen = [Topic(code).label for code in asked.topics or []]
    context = {"address": readers.masked(asked.email), "topics": chosen, "partners": asked.partners}
    context["question"] = agreeing.question()
    return render(request, f"{FOLDER}/confirm.html", context)
