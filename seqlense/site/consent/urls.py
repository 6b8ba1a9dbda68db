"""Addresses of choices and consents."""

from typing import Any

urlpatterns: list[Any] = []
