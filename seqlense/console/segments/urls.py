from django.urls import path
from django.utils.translation import gettext_lazy as _

from seqlense.console.segments import groupings, pages
from seqlense.kit.sections import Place

PLACES = [Place(url_name="console:segments", label=_("Segments"), icon="users", group="audience")]

urlpatterns = [
    path("segments/", pages.segments_page, name="segments"),
    path("segments/new/", pages.new_segment, name="segment_new"),
    path("segments/groupings/new/", groupings.new_grouping, name="grouping_new"),
    path("segments/groupings/<uuid:grouping>/", groupings.grouping_page, name="grouping"),
    path("segments/<uuid:segment>/", pages.segment_page, name="segment"),
    path("segments/<uuid:segment>/edit/", pages.edit_segment, name="segment_edit"),
    path("segments/<uuid:segment>/stop/", pages.stop_segment, name="segment_stop"),
    path("segments/<uuid:segment>/delete/", pages.delete_segment, name="segment_delete"),
]
