from django.urls import path
from django.utils.translation import gettext_lazy as _

from seqlense.console.notices import pages
from seqlense.kit.sections import Place

PLACES = [Place(url_name="console:notices", label=_("Notices"), icon="scroll-text", group="processing")]

urlpatterns = [
    path("notices/", pages.notices_page, name="notices"),
    path("notices/publish/", pages.publish, name="publish_notices"),
    path("notices/preview/<slug:kind>/<slug:language>/", pages.preview, name="preview_notice"),
]
