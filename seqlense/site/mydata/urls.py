from django.urls import path

from seqlense.site.mydata import pages

urlpatterns = [
    path("my-data/", pages.my_data, name="my_data"),
    path("my-data/download/", pages.download, name="my_data_download"),
    path("my-data/requests/", pages.my_requests, name="my_requests"),
]
