"""The front doors, each under its language."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLResolver | URLPattern] = [
    path("", include("seqlense.site.public.wellknown")),
    *i18n_patterns(
        path("console/", include("seqlense.console.urls")),
        path("", include("seqlense.site.urls")),
        prefix_default_language=True,
    ),
]

handler500 = "seqlense.project.outage.failed"
