"""Every section of the site: a package here with a `urls` module. Adding one edits no list."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver

from seqlense import site

app_name = "site"


def _sections() -> Iterator[URLPattern | URLResolver]:
    for module in sorted(pkgutil.iter_modules(site.__path__), key=lambda found: found.name):
        name = f"{site.__name__}.{module.name}.urls"
        if module.ispkg and find_spec(name) is not None:
            yield from import_module(name).urlpatterns


urlpatterns = list(_sections())
