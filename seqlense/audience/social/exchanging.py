"""From the person's yes at the network to who they are there: one code, one token, used once, then gone."""

import logging
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from seqlense.audience.social import asking, tokens
from seqlense.audience.social.errors import CodeRefused, SocialError, Unintelligible, Untrusted
from seqlense.audience.social.networks import Network

logger = logging.getLogger(__name__)

LONGEST_ID: Final = 255
LONGEST_NAME: Final = 100
LONGEST_CODE: Final = 4096


@dataclass(frozen=True)
class Question:
    """What a browser is sent off with, and has to bring back: random, good once, nothing personal."""

    state: str = field(default_factory=lambda: generate_token(43))
    verifier: str = field(default_factory=lambda: generate_token(64))
    nonce: str = field(default_factory=lambda: generate_token(43))


@dataclass(frozen=True)
class Identity:
    """Who somebody is at a network. id: for ever the same there. name: as the network shows it."""

    id: str = field(repr=False)
    name: str = field(repr=False)


def address(network: Network, question: Question, *, back: str) -> str:
    """Where the person's browser goes to be asked. back: the one exact address at which it returns."""
    asked = {
        "response_type": "code",
        "client_id": network.client,
        "redirect_uri": back,
        "scope": " ".join(network.scopes),
        "state": question.state,
    }
    if network.pkce:
        asked["code_challenge"] = create_s256_code_challenge(question.verifier)
        asked["code_challenge_method"] = "S256"
    if network.issuer and network.nonce:
        asked["nonce"] = question.nonce
    return f"{network.authorize}?{urlencode(asked)}"


def identity(network: Network, code: str, question: Question, *, back: str, now: datetime) -> Identity:
    """Who brought that code. The token lives in this call alone, and is revoked where the network can.

    Raises CodeRefused, Away, Unintelligible, Untrusted.
    """
    if not 0 < len(code) <= LONGEST_CODE:
        raise CodeRefused
    given = _tokens(network, code, question, back)
    try:
        return _identity(network, given, question, now)
    finally:
        _revoke(network, given)


def _tokens(network: Network, code: str, question: Question, back: str) -> Mapping[str, Any]:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
    if network.pkce:
        form["code_verifier"] = question.verifier
    answer = _ask_as_ourselves(network, network.token, form)
    if not answer.well:
        if answer.said.get("error") in ("invalid_grant", "invalid_request"):
            raise CodeRefused
        raise Unintelligible
    return answer.said


def _ask_as_ourselves(network: Network, url: str, form: dict[str, str]) -> asking.Answer:
    if network.basic:
        return asking.ask(url, form=form, basic=(network.client, network.secret))
    return asking.ask(url, form={**form, "client_id": network.client, "client_secret": network.secret})


def _identity(network: Network, given: Mapping[str, Any], question: Question, now: datetime) -> Identity:
    if network.issuer:
        keys = asking.ask(network.keys)
        if not keys.well:
            raise Unintelligible
        found = tokens.claims(given.get("id_token"), keys.said, network, nonce=question.nonce, now=now)
        return _read(found.get("sub"), found.get("name", ""))
    token = given.get("access_token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise Unintelligible
    profile = asking.ask(network.profile, bearer=token)
    if not profile.well:
        raise Untrusted
    said = profile.said.get("data")
    if not isinstance(said, dict):
        raise Unintelligible
    handle = said.get("username", "")
    return _read(said.get("id"), f"@{handle}" if handle else said.get("name", ""))


def _read(account: object, name: object) -> Identity:
    if not isinstance(account, str) or not 0 < len(account) <= LONGEST_ID or not account.isprintable():
        raise Unintelligible
    if not isinstance(name, str):
        raise Unintelligible
    shown = "".join(" " if unicodedata.category(one).startswith("C") else one for one in name)
    return Identity(account, " ".join(shown.split())[:LONGEST_NAME])


def _revoke(network: Network, given: Mapping[str, Any]) -> None:
    """We keep no token in any case: a network that can't be told now doesn't stop anybody."""
    token = given.get("refresh_token") or given.get("access_token")
    if not network.revoke or not isinstance(token, str):
        return
    try:
        done = _ask_as_ourselves(network, network.revoke, {"token": token}).well
    except SocialError:
        done = False
    if not done:
        logger.warning("A token that is kept nowhere couldn't be revoked at %s", network.id)
