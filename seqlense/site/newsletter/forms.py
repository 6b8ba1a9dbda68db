"""What people choose about the newsletter."""

from django import forms
from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from seqlense.audience.newsletter import partners
from seqlense.audience.newsletter.topics import ALL, Topic
from seqlense.site.account.forms import AddressField


class TopicsForm(forms.Form):
    """Topics and language."""

    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        choices=Topic.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without any topic you receive nothing: it is the same as unsubscribing."),
    )
    language = forms.ChoiceField(label=_("Language of the messages"), choices=settings.LANGUAGES)


class SubscribeForm(forms.Form):
    """An address, topics, and the box for partners' offers, never ticked beforehand."""

    email = AddressField(label=_("E-mail address"))
    topics = forms.MultipleChoiceField(
        label=_("Topics"), choices=Topic.choices, initial=ALL, widget=forms.CheckboxSelectMultiple
    )
    partners = forms.BooleanField(label=lazystr(""), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they come
        self.fields["partners"].label = partners.question()
