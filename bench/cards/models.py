"""The same card twice: with six sealed columns, and with six plain ones."""

from django.db import models

from seqlense.kit.identifiers import uuid7
from seqlense.privacy.rows import SubjectRow
from seqlense.privacy.sealed import SealedTextField

FIELDS = ("name", "street", "town", "phone", "email", "note")


class Sealed(SubjectRow):
    name = SealedTextField()
    street = SealedTextField()
    town = SealedTextField()
    phone = SealedTextField()
    email = SealedTextField()
    note = SealedTextField()


class Plain(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.DB_CASCADE, related_name="+")
    name = models.TextField()
    street = models.TextField()
    town = models.TextField()
    phone = models.TextField()
    email = models.TextField()
    note = models.TextField()
