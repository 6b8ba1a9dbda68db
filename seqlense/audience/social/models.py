"""Accounts of other networks that people linked."""

from typing import ClassVar

from django.db import models

from seqlense.privacy.rows import SubjectRow
from seqlense.privacy.sealed import SealedTextField


class LinkedAccount(SubjectRow):
    """A person's account at a network: its opaque id there and the name it shows, both sealed.

    network: the register's recipient. The same account belongs to one person at most: a handle in the
    keystore leads from it to them, and goes with the row.
    """

    holder = models.ForeignKey("accounts.Account", on_delete=models.DB_CASCADE, related_name="+")
    network = models.CharField(max_length=20)
    account = SealedTextField(max_length=255)
    name = SealedTextField(max_length=100, blank=True, default="")
    linked_at = models.DateTimeField()

    class Meta(SubjectRow.Meta):
        ordering: ClassVar = ["network"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "network"], name="social_linkedaccount_one_each")
        ]
