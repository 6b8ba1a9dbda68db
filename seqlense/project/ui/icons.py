"""Icons of one set (Lucide), drawn inline so that no request and no style sheet is needed for them."""

import json
from functools import cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BUILT = Path(__file__).parent / "static" / "built" / "icons.json"


class UnknownIcon(KeyError):
    """No such icon is built; add its name to frontend/icons.txt and build."""


@cache
def _drawings() -> dict[str, str]:
    try:
        drawings: dict[str, str] = json.loads(BUILT.read_text())
    except FileNotFoundError:
        raise ImproperlyConfigured(
            "The front end is not built. Run `npm ci && npm run build` in ui/frontend."
        ) from None
    return drawings


def drawing(name: str) -> str:
    try:
        return _drawings()[name]
    except KeyError:
        raise UnknownIcon(f"{name}: add it to frontend/icons.txt and build") from None
