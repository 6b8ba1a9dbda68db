"""Reading an ID token (OpenID Connect Core 1.0, 3.1.3.7): signed by the network, for us, and for now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from seqlense.audience.social.errors import Untrusted
from seqlense.audience.social.networks import Network

ALGORITHMS: Final = ["RS256", "ES256", "PS256"]
"""Signatures by a key that the network alone has. Never "none", nor one by a secret that both know."""
LEEWAY: Final = 120
"""Seconds by which two clocks may differ."""
LONGEST: Final = 16 * 1024


def claims(
    token: object, keys: Mapping[str, Any], network: Network, *, nonce: str, now: datetime
) -> Mapping[str, Any]:
    """What a token says, once everything about it is right. Raises Untrusted."""
    if not isinstance(token, str) or len(token) > LONGEST:
        raise Untrusted
    wanted: dict[str, Any] = {
        "iss": {"essential": True, "value": network.issuer},
        "aud": {"essential": True, "value": network.client},
        "sub": {"essential": True},
        "exp": {"essential": True},
        "iat": {"essential": True},
    }
    if network.nonce:
        wanted["nonce"] = {"essential": True, "value": nonce}
    try:
        found = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type]  # what the network sent: checked there
        jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=LEEWAY, **wanted).validate(found.claims)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise Untrusted from None
    if found.claims.get("azp", network.client) != network.client:
        raise Untrusted
    if isinstance(found.claims["aud"], list) and len(found.claims["aud"]) > 1 and "azp" not in found.claims:
        raise Untrusted
    return found.claims
