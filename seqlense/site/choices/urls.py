from django.urls import path

from seqlense.site.choices import pages

urlpatterns = [path("choices/", pages.choices, name="choices")]
