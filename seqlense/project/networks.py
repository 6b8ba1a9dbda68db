"""Social networks whose accounts can be linked, as the environment configures them.

One that isn't mentioned isn't offered. For each of x, linkedin, youtube (here X):

    SEQLENSE_X_CLIENT        the identifier that the network gave the company
    SEQLENSE_X_SECRET_FILE   the file with its secret (or SEQLENSE_X_SECRET)
    SEQLENSE_X_ADDRESSES     other addresses than the network's own: token=https://… keys=https://…
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from seqlense.audience.social.networks import ADDRESSES, KNOWN, Network
from seqlense.project.environment import Mode, RefusedEnvironment


def read(mode: Mode, variables: Mapping[str, str] | None = None) -> tuple[Network, ...]:
    """The configured networks, by id. Raises RefusedEnvironment."""
    given = os.environ if variables is None else variables
    return tuple(_configured(given, mode))


def _configured(given: Mapping[str, str], mode: Mode) -> Iterator[Network]:
    for one in KNOWN.values():
        prefix = f"SEQLENSE_{one.id.upper()}_"
        client = given.get(f"{prefix}CLIENT", "").strip()
        secret = _secret(given, prefix)
        if bool(client) != bool(secret):
            missing = "SECRET_FILE" if client else "CLIENT"
            raise RefusedEnvironment(f"{prefix}{missing}", "is missing; the network gave both")
        if client:
            addresses = _addresses(f"{prefix}ADDRESSES", given.get(f"{prefix}ADDRESSES", ""), mode)
            yield replace(one, client=client, secret=secret, **addresses)  # type: ignore[arg-type]  # ADDRESSES are texts


def _secret(given: Mapping[str, str], prefix: str) -> str:
    if file := given.get(f"{prefix}SECRET_FILE", "").strip():
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError:
            raise RefusedEnvironment(f"{prefix}SECRET_FILE", f"{file} can't be read") from None
    return given.get(f"{prefix}SECRET", "").strip()


def _addresses(variable: str, value: str, mode: Mode) -> dict[str, str]:
    found = {}
    for one in value.split():
        name, _, url = one.partition("=")
        if name not in ADDRESSES:
            raise RefusedEnvironment(variable, f"write name=address; the names are {', '.join(ADDRESSES)}")
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise RefusedEnvironment(variable, f"{name} must be an address that begins with https://")
        if parts.scheme == "http" and mode is Mode.PRODUCTION:
            raise RefusedEnvironment(variable, f"{name} must begin with https:// in production")
        found[name] = url
    return found
