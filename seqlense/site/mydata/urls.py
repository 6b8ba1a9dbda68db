from django.urls import path

from seqlense.site.mydata import pages, switching

urlpatterns = [
    path("my-data/", pages.my_data, name="my_data"),
    path("my-data/download/", pages.download, name="my_data_download"),
    path("my-data/requests/", pages.my_requests, name="my_requests"),
    path("my-data/limits/<uuid:switch>/free/", switching.free, name="my_data_free"),
    path("my-data/<slug:activity>/limit/", switching.limit, name="my_data_limit"),
    path("my-data/<slug:activity>/object/", switching.object_to, name="my_data_object"),
    path("my-data/<slug:activity>/withdraw/", switching.withdraw, name="my_data_withdraw"),
]
