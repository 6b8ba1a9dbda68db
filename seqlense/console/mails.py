"""The mail to those who look after the installation: which alarms last, by their codes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from django.urls import reverse

from seqlense.accounts.models import Account
from seqlense.console.models import ToldAlarm
from seqlense.mailing import MailTemplate


def _address(about: UUID) -> str | None:
    account = Account.objects.filter(pk=about).first()
    return account.email if account is not None and account.is_staff_member() else None


def _context(about: UUID) -> Mapping[str, Any] | None:
    last = ToldAlarm.objects.aggregate(look=Max("seen_at"))["look"]
    codes = sorted(set(ToldAlarm.objects.filter(seen_at=last).values_list("code", flat=True)))
    link = settings.SEQLENSE_PUBLIC_URL + reverse("console:overview")
    return {"codes": codes, "link": link} if codes else None


alarms = MailTemplate(
    id="console.alarms",
    activity="mailing",
    item="accounts.email",
    address=_address,
    context=_context,
    in_spite="safety",
    sample={"codes": ["backups.late", "log.late"], "link": "https://customers.example.com/fr/console/"},
)
