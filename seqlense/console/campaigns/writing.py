"""Writing a campaign, in both languages."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from seqlense.audience.newsletter import campaigns, wording
from seqlense.audience.newsletter.errors import ChangedMeanwhile, InvalidText, NotNow
from seqlense.audience.newsletter.models import LONGEST_SUBJECT, LONGEST_TEXT, Campaign
from seqlense.audience.newsletter.topics import About
from seqlense.console.campaigns import words
from seqlense.console.doors import PLATFORM, actor, moment, staff
from seqlense.kit.identifiers import uuid7

MARKDOWN = gettext_lazy(
    "Markdown: **strong**, *emphasis*, # heading, - point, > quotation, [words](https://…)."
)
CHECKS = {
    "subject_fr": wording.check_subject,
    "text_fr": wording.check_text,
    "subject_en": wording.check_subject,
    "text_en": wording.check_text,
}


def _text(label: object, help_text: object = "") -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # words, or something that becomes words
        help_text=help_text,  # type: ignore[arg-type]  # the same
        max_length=2 * LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )


def _subject(label: object) -> forms.CharField:
    return forms.CharField(label=label, max_length=4 * LONGEST_SUBJECT)  # type: ignore[arg-type]  # the same


class CampaignForm(forms.Form):
    """A draft. seen: the revision that the form showed; identifier: the same form sent twice is one draft."""

    about = forms.ChoiceField(label=gettext_lazy("What it is about"), choices=About.choices)
    subject_fr = _subject(gettext_lazy("Subject in French"))
    text_fr = _text(gettext_lazy("Text in French"), MARKDOWN)
    subject_en = _subject(gettext_lazy("Subject in English"))
    text_en = _text(gettext_lazy("Text in English"), MARKDOWN)
    rate = forms.IntegerField(
        label=gettext_lazy("Messages a minute"),
        help_text=gettext_lazy(
            "What your mail server and those of the readers take well: 60 is a good start."
        ),
        initial=60,
        min_value=1,
    )
    second_look = forms.BooleanField(
        label=gettext_lazy("Another administrator must approve it before it goes"), required=False
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    identifier = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        """Say all that is wrong with the texts at once."""
        for field, check in CHECKS.items():
            try:
                check(str(self.cleaned_data.get(field, "-")), field)
            except InvalidText as refused:
                self.refuse(refused)
        return self.cleaned_data

    def draft(self) -> campaigns.Draft:
        """What was typed."""
        said = dict(self.cleaned_data)
        del said["seen"], said["identifier"]
        return campaigns.Draft(**said)

    def refuse(self, refused: InvalidText) -> None:
        """Put a refusal beside its field."""
        self.add_error(refused.field, str(words.PROBLEMS[refused.code.rpartition(".")[2]]))


@staff(PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """A new draft."""
    form = CampaignForm(request.POST or None, initial={"identifier": uuid7()})
    if request.method == "POST" and form.is_valid():
        identifier = form.cleaned_data["identifier"]
        try:
            made = campaigns.write(
                form.draft(), actor=actor(request), now=moment(request), identifier=identifier
            )
        except InvalidText as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Kept as a draft. Nothing is sent yet."))
            return redirect("console:campaign", made.pk)
    return _page(request, form)


@staff(PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def rewrite(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """Change a draft."""
    found = Campaign.objects.filter(pk=campaign).first()
    if found is None:
        raise Http404
    form = CampaignForm(request.POST or None, initial=_shown(found))
    if request.method == "POST" and form.is_valid() and _save(request, found, form):
        messages.success(request, _("Saved."))
        return redirect("console:campaign", campaign)
    return _page(request, form, found)


def _save(request: HttpRequest, found: Campaign, form: CampaignForm) -> bool:
    seen = form.cleaned_data["seen"]
    try:
        campaigns.rewrite(found.pk, form.draft(), seen=seen, actor=actor(request), now=moment(request))
    except InvalidText as refused:
        form.refuse(refused)
    except ChangedMeanwhile:
        form.add_error(
            None,
            _("It was saved elsewhere meanwhile. What you typed is still here: save again to replace it."),
        )
        seen_now = Campaign.objects.get(pk=found.pk).revision
        form.data = {**dict(form.data.items()), "seen": seen_now}  # the page shows the form once more
    except NotNow as refused:
        form.add_error(None, str(words.REFUSALS[refused.code]))
    else:
        return True
    return False


def _shown(found: Campaign) -> dict[str, object]:
    names = ("about", "subject_fr", "text_fr", "subject_en", "text_en", "rate", "second_look")
    return {name: getattr(found, name) for name in names} | {"seen": found.revision, "identifier": found.pk}


def _page(request: HttpRequest, form: CampaignForm, found: Campaign | None = None) -> HttpResponse:
    context = {"form": form, "campaign": found}
    return render(request, "console/campaigns/write.html", context, status=422 if form.errors else 200)
