from django.urls import path

from seqlense.site.public import pages

urlpatterns = [
    path("", pages.front, name="front"),
    path("contact/", pages.contact, name="contact"),
]
