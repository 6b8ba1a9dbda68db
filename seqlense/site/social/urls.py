"""Addresses of the pages about linked accounts. Where a network sends people back to has no language."""

from django.urls import path

from seqlense.site.social import leaving, linked

urlpatterns = [
    path("networks/", linked.networks, name="networks"),
    path("networks/<slug:network>/link/", leaving.link, name="network_link"),
    path("networks/<slug:network>/unlink/", linked.unlink, name="network_unlink"),
]
