"""Who can sign in to the demo data, and how.

Known to everybody: never in an installation that others reach.
"""

from dataclasses import dataclass
from typing import Final

PASSWORD: Final = "hackenberg brume tournesol"  # noqa: S105 (printed at each start, for development)
CODE_SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One of the cast. who: as printed; staff: their role on the company's staff, if any."""

    key: str
    who: str
    name: str
    email: str
    language: str = "fr"
    country: str = "FR"
    staff: str | None = None


CAST: Final = (
    Sign(key="alice", who="Alice, owner", name="Alice Arnaud", email="alice@arnaud.example"),
    Sign(
        key="bob",
        who="Bob, member (in English)",
        name="Bob Bauer",
        email="bob@arnaud.example",
        language="en",
        country="DE",
    ),
    Sign(key="dana", who="Dana, group administrator", name="Dana Dubois", email="dana@arnaud.example"),
    Sign(key="charlie", who="Charlie, invited", name="Charlie Çelik", email="charlie@celik.example"),
    Sign(
        key="paul",
        who="Paul, platform administrator",
        name="Paul Petit",
        email="paul@seqlense.example",
        staff="platform_administrator",
    ),
    Sign(
        key="odile",
        who="Odile, data-protection officer",
        name="Odile Ortega",
        email="odile@seqlense.example",
        staff="data_protection_officer",
    ),
)

SIGN_INS: Final = (
    *((sign.who, sign.email, PASSWORD) for sign in CAST),
    ("codes for Paul and Odile", "python -m seqlense.project.demo codes", f"(secret {CODE_SECRET})"),
)
