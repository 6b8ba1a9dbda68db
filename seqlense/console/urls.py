"""The console's own pages, then those of every section: a package here with a `urls` module."""

from django.urls import path

from seqlense import console
from seqlense.console import (
    accounts,
    activities,
    audit,
    health,
    holds,
    organisations,
    overview,
    retention,
    switches,
    versions,
)
from seqlense.kit import sections

app_name = "console"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("accounts/", accounts.accounts_page, name="accounts"),
    path("accounts/search/", accounts.search_accounts, name="search_accounts"),
    path("accounts/<uuid:subject>/", accounts.account_page, name="account"),
    path("accounts/<uuid:subject>/download/", accounts.download, name="account_download"),
    path("accounts/<uuid:subject>/hold/", holds.place_hold, name="place_hold"),
    path("organisations/", organisations.organisations_page, name="organisations"),
    path("organisations/<uuid:organisation>/", organisations.organisation_page, name="organisation"),
    path(
        "organisations/<uuid:organisation>/delete/",
        organisations.delete_organisation,
        name="delete_organisation",
    ),
    path("register/", activities.register_page, name="register"),
    path("register/difference/", versions.difference, name="difference"),
    path("register/export/<slug:form>/", versions.export, name="export"),
    path("register/<slug:activity>/", activities.activity_page, name="activity"),
    path("retention/", retention.retention_page, name="retention"),
    path("retention/dry-run/", retention.dry_run, name="dry_run"),
    path("holds/", holds.holds_page, name="holds"),
    path("holds/<uuid:hold>/lift/", holds.lift_hold, name="lift_hold"),
    path("limits/", switches.switches_page, name="switches"),
    path("limits/<uuid:switch>/decide/", switches.decide_switch, name="decide_switch"),
    path("limits/<uuid:switch>/lift/", switches.lift_switch, name="lift_switch"),
    path("accounts/<uuid:subject>/limit/", switches.set_switch, name="set_switch"),
    path("health/", health.health, name="health"),
    path("audit/", audit.audit_page, name="audit"),
    *(pattern for section in sections.modules(console, "urls") for pattern in section.urlpatterns),
]
