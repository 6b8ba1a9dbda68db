"""What is shown before a choice, as one version with a hash: the banner's texts and the files that show
it.
"""

from django.utils import translation
from django.utils.translation import gettext as _

from seqlense.privacy.consent import choices
from seqlense.privacy.consent.displays import Parts


def parts(language: str) -> Parts:
    """All that a visitor can read in that language, and the code behind it."""
    with translation.override(language):
        texts = {"accept": _("Accept all"), "refuse": _("Refuse all"), "choose": _("Choose")}
    texts |= {f"service.{one.id}": one.label.in_(language) for one in choices.offered()}
    return Parts(texts=texts)
