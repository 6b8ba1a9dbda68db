from django.urls import path

from seqlense.site.public import notices, pages

urlpatterns = [
    path("", pages.front, name="front"),
    path("contact/", pages.contact, name="contact"),
    path("legal/", notices.legal_notice, name="legal_notice"),
    path("privacy/", notices.privacy_policy, name="privacy_policy"),
    path("cookies/", notices.cookie_policy, name="cookie_policy"),
]
