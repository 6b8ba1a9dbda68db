from django.urls import path
from django.utils.translation import gettext_lazy as _

from seqlense.console.promotions import listing, pages
from seqlense.kit.sections import Place

PLACES = [Place(url_name="console:promotions", label=_("Promotions"), icon="tag", group="audience")]

urlpatterns = [
    path("promotions/", pages.promotions_page, name="promotions"),
    path("promotions/new/", pages.new_promotion, name="promotion_new"),
    path("promotions/interests/", listing.interests_page, name="interests"),
    path("promotions/interests/<uuid:interest>/retire/", listing.retire_interest, name="interest_retire"),
    path("promotions/<uuid:promotion>/", pages.promotion_page, name="promotion"),
    path("promotions/<uuid:promotion>/edit/", pages.edit_promotion, name="promotion_edit"),
    path("promotions/<uuid:promotion>/start/", pages.start_promotion, name="promotion_start"),
    path("promotions/<uuid:promotion>/stop/", pages.stop_promotion, name="promotion_stop"),
    path("promotions/<uuid:promotion>/delete/", pages.delete_promotion, name="promotion_delete"),
]
