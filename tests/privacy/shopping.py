"""Puts the shop into the running product for a test, with its tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.signals import setting_changed
from django.db import connection

from seqlense.privacy import subjects

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@contextmanager
def shop() -> Iterator[None]:
    """The shop installed: its declarations, its part of the register, its tables."""
    with installed("tests.privacy.shop"):
        from tests.privacy.shop.models import TABLES

        with as_owner(), connection.schema_editor() as editor:
            for model in TABLES:
                editor.create_model(model)
        try:
            yield
        finally:
            if not connection.in_atomic_block:
                with as_owner(), connection.schema_editor() as editor:
                    for model in reversed(TABLES):
                        editor.delete_model(model)


@contextmanager
def installed(name: str) -> Iterator[None]:
    """One more app, without making all others ready again (which procrastinate refuses)."""
    config = AppConfig.create(name)
    config.apps = apps
    apps.app_configs[config.label] = config
    config.import_models()
    _changed()
    try:
        yield
    finally:
        del apps.app_configs[config.label]
        _changed()


def _changed() -> None:
    apps.clear_cache()
    setting_changed.send(sender=None, setting="INSTALLED_APPS", value=settings.INSTALLED_APPS, enter=True)


@contextmanager
def as_owner() -> Iterator[None]:
    """As migrations work: the owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('role'), set_config('role', 'none', false)")
        role = cursor.fetchone()
    yield
    with connection.cursor() as cursor:
        cursor.execute("select set_config('role', %s, false)", [role[0]])


def person(**rows: Any) -> UUID:
    """A customer with an order paid two years ago, one to be paid, and two visits."""
    from tests.privacy.shop.models import Customer, Order, Parcel, Visit

    who = subjects.create(now=NOW)
    Customer.objects.create(subject_id=who, email="ada@example.org", name="Ada Martin")
    paid = Order.objects.create(
        subject_id=who,
        amount=4200,
        lines="three books",
        address="1 rue des Lilas, Metz",
        paid_at=NOW.replace(year=2024),
        **rows,
    )
    Parcel.objects.create(subject_id=who, order=paid, number="6A123")
    for page in ("books", "maps"):
        Visit.objects.create(subject_id=who, page=page, at=NOW.replace(month=10))
    return who
