from django.urls import path

from seqlense.site.measurement import pages

urlpatterns = [
    path("measurement/", pages.measurement, name="measurement"),
    path("measurement/change/", pages.change_measurement, name="change_measurement"),
]
