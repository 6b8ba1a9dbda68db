"""Every section of the site: a package here with a `urls` module. Adding one edits no list."""

from seqlense import site
from seqlense.kit import sections

app_name = "site"
urlpatterns = [pattern for section in sections.modules(site, "urls") for pattern in section.urlpatterns]
