from django.urls import path
from django.utils.translation import gettext_lazy as _

from seqlense.console.campaigns import acting, importing, pages, writing
from seqlense.kit.sections import Place

PLACES = [Place(url_name="console:campaigns", label=_("Campaigns"), icon="send", group="audience")]

HERE = "campaigns/<uuid:campaign>/"

urlpatterns = [
    path("campaigns/", pages.campaigns_page, name="campaigns"),
    path("campaigns/new/", writing.write, name="campaign_write"),
    path("campaigns/import/", importing.bring_in, name="campaign_import"),
    path(HERE, pages.campaign_page, name="campaign"),
    path(f"{HERE}edit/", writing.rewrite, name="campaign_rewrite"),
    path(f"{HERE}preview/<slug:language>/", pages.preview, name="campaign_preview"),
    path(f"{HERE}act/", acting.act, name="campaign_act"),
]
