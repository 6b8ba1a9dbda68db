"""The networks whose accounts can be linked: where each is asked, and what it speaks.

Only addresses and identifiers that the company was given there make a network work (settings
SEQLENSE_NETWORKS, from the environment); one without is not offered. OAuth 2.0 (RFC 6749) with PKCE
(RFC 7636), and OpenID Connect where there is an issuer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Network:
    """id: the register's recipient. title: its own name. authorize: where the person's browser goes; all
    other addresses this server asks: token, keys (of signatures), profile, revoke ("" where there is none).

    issuer: of its ID tokens; "" where it has none, and the profile tells who it is. pkce, nonce: whether it
    does as the standards say. basic: the secret goes into the header, else into the form. more_asked: its own
    page speaks of more than the name, as it has no question so narrow.
    """

    id: str
    title: str
    authorize: str
    token: str
    keys: str = ""
    profile: str = ""
    revoke: str = ""
    issuer: str = ""
    scopes: tuple[str, ...]
    pkce: bool = True
    nonce: bool = True
    basic: bool = False
    more_asked: bool = False
    client: str = ""
    secret: str = field(default="", repr=False)

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts that this server asks; where the person's own browser goes isn't among them."""
        asked = (self.token, self.keys, self.profile, self.revoke)
        return frozenset(host for one in asked if (host := urlsplit(one).hostname))


ADDRESSES: Final = ("authorize", "token", "keys", "profile", "revoke", "issuer")
"""What configuration may put in the place of the network's own."""

_X = Network(
    id="x",
    title="X",
    authorize="https://x.com/i/oauth2/authorize",
    token="https://api.x.com/2/oauth2/token",  # noqa: S106 (an address)
    profile="https://api.x.com/2/users/me",
    revoke="https://api.x.com/2/oauth2/revoke",
    scopes=("users.read", "tweet.read"),  # its address of the profile wants both
    basic=True,
    more_asked=True,
)
_LINKEDIN = Network(
    id="linkedin",
    title="LinkedIn",
    authorize="https://www.linkedin.com/oauth/v2/authorization",
    token="https://www.linkedin.com/oauth/v2/accessToken",  # noqa: S106 (an address)
    keys="https://www.linkedin.com/oauth/openid/jwks",
    revoke="https://www.linkedin.com/oauth/v2/revoke",
    issuer="https://www.linkedin.com/oauth",
    scopes=("openid", "profile"),
    pkce=False,  # refuses a code_verifier
    nonce=False,  # leaves it out of its ID tokens
)
_YOUTUBE = Network(
    id="youtube",
    title="YouTube",
    authorize="https://accounts.google.com/o/oauth2/v2/auth",
    token="https://oauth2.googleapis.com/token",  # noqa: S106 (an address)
    keys="https://www.googleapis.com/oauth2/v3/certs",
    revoke="https://oauth2.googleapis.com/revoke",
    issuer="https://accounts.google.com",
    scopes=("openid", "profile"),
)
KNOWN: Final[Mapping[str, Network]] = MappingProxyType({one.id: one for one in (_LINKEDIN, _X, _YOUTUBE)})
