from django.urls import path
from lending.views import my_loans

urlpatterns = [path("loans/", my_loans)]
