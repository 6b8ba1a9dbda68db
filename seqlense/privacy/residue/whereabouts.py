"""Where an installation keeps what it keeps: every folder that its settings name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

from seqlense.privacy.routers import KEYS

PUBLISHED: Final = "SEQLENSE_REGISTER"
"""The company's own texts, with the people it names as contacts."""
SERVER: Final = "PG_VERSION"
"""Every data folder of PostgreSQL has this file; packages put the folder up to so many levels down."""
LEVELS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """places: folders and files on this machine, none inside another.

    elsewhere: database aliases whose server's folder is in none of them.
    """

    places: tuple[Path, ...]
    elsewhere: tuple[str, ...]


def whereabouts(also: Iterable[Path] = ()) -> Whereabouts:
    """What the settings name and exists, and `also`: home, keys, keystore, backups, documents, log."""
    named = {one.resolve() for one in chain(_named(), also) if one.exists()}
    places = tuple(sorted(one for one in named if not any(above in named for above in one.parents)))
    servers = [alias for alias in (DEFAULT_DB_ALIAS, KEYS) if "postgresql" in _database(alias)["ENGINE"]]
    found = sum(1 for place in places for _ in _servers_in(place))
    return Whereabouts(places=places, elsewhere=tuple(servers[found:]))


def _named() -> Iterator[Path]:
    for name in dir(settings):
        value = getattr(settings, name) if name.startswith("SEQLENSE_") and name != PUBLISHED else None
        for one in value if isinstance(value, tuple | list) else [value]:
            if isinstance(one, Path) and one != Path():
                yield one
    keys = _database(KEYS)
    if "sqlite" in keys["ENGINE"]:
        yield Path(keys["NAME"]).parent  # with its own log beside it


def _database(alias: str) -> dict[str, str]:
    found: dict[str, str] = settings.DATABASES[alias]
    return found


def _servers_in(place: Path) -> Iterator[Path]:
    """Data folders; the folders of single databases in them have such a file, too."""
    patterns = ("/".join(["*"] * level + [SERVER]) for level in range(LEVELS + 1))
    yield from (
        file for pattern in patterns for file in place.glob(pattern) if (file.parent / "base").is_dir()
    )
