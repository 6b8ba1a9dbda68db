"""A little shop for the kernel's tests: every kind of rule, sealed and plain columns, following rows."""

from django.db import models

from seqlense.privacy.rows import SubjectRow
from seqlense.privacy.sealed import SealedEmailField, SealedTextField


class Customer(SubjectRow):
    email = SealedEmailField()
    name = SealedTextField(default="")
    country = models.CharField(max_length=2, default="FR")
    left_at = models.DateTimeField(null=True, db_index=True)
    hint = models.CharField(max_length=10, default="", blank=True)

    class Meta:
        app_label = "shop"


class Order(SubjectRow):
    """Kept ten years by law once paid; the address goes a year after."""

    amount = models.IntegerField()
    lines = SealedTextField()
    address = SealedTextField(null=True)
    paid_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        app_label = "shop"


class Parcel(SubjectRow):
    """Goes with its order."""

    order = models.ForeignKey(Order, on_delete=models.DB_CASCADE, related_name="+")
    number = models.CharField(max_length=20)

    class Meta:
        app_label = "shop"


class Visit(SubjectRow):
    """Archived after three months, gone after a year."""

    page = SealedTextField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "shop"


class Visitors(models.Model):
    """Counts by day."""

    day = models.DateField(primary_key=True)
    count = models.IntegerField()

    class Meta:
        app_label = "shop"


TABLES: list[type[models.Model]] = [Customer, Order, Parcel, Visit, Visitors]
