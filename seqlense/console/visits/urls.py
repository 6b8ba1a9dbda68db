from django.urls import path
from django.utils.translation import gettext_lazy as _

from seqlense.console.visits import assessment, dashboard
from seqlense.kit.sections import Place

PLACES = [Place(url_name="console:visits", label=_("Visits"), icon="chart-line", group="audience")]

urlpatterns = [
    path("visits/", dashboard.visits_page, name="visits"),
    path("visits/assessment/", assessment.assessment_page, name="visits_assessment"),
    path("visits/<slug:kind>.csv", dashboard.visits_table, name="visits_table"),
]
