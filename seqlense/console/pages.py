"""Long lists in pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

ROWS = 50


@dataclass(frozen=True, kw_only=True)
class Slices:
    """A list that a room hands out in slices: its length, and rows `first` to `last` (exclusive)."""

    number: Callable[[], int]
    rows: Callable[[int, int], Sequence[Any]]

    def __len__(self) -> int:
        return self.number()

    def __getitem__(self, wanted: slice) -> Sequence[Any]:
        return self.rows(wanted.start or 0, wanted.stop)


def page_of[Row: Model](request: HttpRequest, rows: QuerySet[Row] | Slices) -> Page[Any]:
    """The page that `?page=` asks for; the first or the last one where it asks for none or nonsense."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))  # type: ignore[arg-type]  # slices are all it takes
