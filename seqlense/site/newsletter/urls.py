from django.urls import path

from seqlense.site.newsletter import pages, preferences

urlpatterns = [
    path("newsletter/", pages.subscribe, name="newsletter"),
    path("newsletter/sent/", pages.sent, name="newsletter_sent"),
    path("newsletter/confirm/<str:token>/", pages.confirm, name="newsletter_confirm"),
    path("newsletter/unsubscribe/<str:token>/", preferences.unsubscribe, name="newsletter_unsubscribe"),
    path("newsletter/choices/<str:token>/", preferences.by_link, name="newsletter_preferences"),
    path("newsletter/settings/", preferences.signed_in, name="newsletter_settings"),
]
