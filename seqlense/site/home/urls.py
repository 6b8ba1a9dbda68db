from django.urls import path

from seqlense.site.home import pages

urlpatterns = [path("home/", pages.home, name="home")]
