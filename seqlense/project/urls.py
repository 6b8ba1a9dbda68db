"""The front doors, each under its language."""

from importlib.util import find_spec

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

DOORS = {"seqlense.site.urls": "", "seqlense.console.urls": "console/"}

urlpatterns: list[URLResolver | URLPattern] = [
    path("", include("seqlense.site.public.wellknown")),
    *i18n_patterns(
        *[path(prefix, include(module)) for module, prefix in reversed(DOORS.items()) if find_spec(module)],
        prefix_default_language=True,
    ),
]

handler500 = "seqlense.project.outage.failed"
