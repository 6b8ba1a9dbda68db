"""Timestamps (RFC 3161): asking an authority, and verifying what it says."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from seqlense.privacy.proofs import asking, der
from seqlense.privacy.proofs.errors import AuthorityAway, AuthorityUnknown, TimestampRefused

QUERY: Final = "application/timestamp-query"
AHEAD: Final = timedelta(minutes=10)
"""How far the authority's clock may be ahead of ours."""


@dataclass(frozen=True)
class Authority:
    """Whom we believe about time: the certificates to which its own must lead."""

    certificates: tuple[x509.Certificate, ...]

    @classmethod
    def read(cls, file: Path) -> "Authority":
        """From a PEM file. Raises AuthorityUnknown."""
        try:
            return cls.parse(file.read_bytes())
        except OSError:
            raise AuthorityUnknown(f"{file} can't be read.") from None

    @classmethod
    def parse(cls, pem: bytes) -> "Authority":
        """From PEM. Raises AuthorityUnknown."""
        try:
            return cls(tuple(x509.load_pem_x509_certificates(pem)))
        except ValueError:
            raise AuthorityUnknown("The timestamp authority's file holds no PEM certificate.") from None

    @property
    def pem(self) -> str:
        """The certificates as text, to lie beside the tokens."""
        return "".join(one.public_bytes(Encoding.PEM).decode() for one in self.certificates)

    def verifier(self, nonce: int | None = None) -> VerifierBuilder:
        """Checks chains that end at one of these certificates."""
        roots = [one for one in self.certificates if one.issuer == one.subject]
        between = [one for one in self.certificates if one.issuer != one.subject]
        return VerifierBuilder(roots=roots or between, intermediates=between if roots else [], nonce=nonce)


def ask(text: bytes, url: str, authority: Authority, *, now: datetime, not_before: datetime) -> bytes:
    """A token for that text: the authority's whole response (DER), verified.

    Raises AuthorityAway, or TimestampRefused for what isn't its timestamp of this text, or of another time
    than between `not_before` and now.
    """
    query = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        answer = asking.post(url, query.as_bytes(), QUERY)
    except asking.Away:
        raise AuthorityAway("The timestamp authority doesn't answer.") from None
    if answer.status != 200:
        raise AuthorityAway(f"The timestamp authority answered with status {answer.status}.")
    moment = verify(answer.content, text, authority, nonce=query.nonce)
    if not not_before <= moment <= now + AHEAD:
        raise TimestampRefused("The timestamp is of another time than now.")
    return answer.content


def verify(token: bytes, text: bytes, authority: Authority, *, nonce: int | None = None) -> datetime:
    """When the authority saw that text: imprint, signature, purpose and chain are checked.

    Certificates need only have been good at that time. Raises TimestampRefused.
    """
    response = _decoded(token)
    try:
        verifier = authority.verifier(nonce).build()
        verifier.verify_message(response, text)
    except (VerificationError, ValueError) as wrong:
        # Its own words may be OpenSSL's whole stack of errors.
        another = "Mismatch" in str(wrong)
        problem = "is of another text" if another else "was altered, or isn't the authority's"
        raise TimestampRefused(f"The timestamp {problem}.") from None
    return response.tst_info.gen_time.astimezone(UTC)


def moment_of(token: bytes) -> datetime:
    """What time a token says, unverified: for showing those that were verified when they came."""
    return _decoded(token).tst_info.gen_time.astimezone(UTC)


def _decoded(token: bytes) -> TimeStampResponse:
    try:
        response = decode_timestamp_response(der.in_order(token))
        if response.status not in (0, 1):
            raise TimestampRefused("The authority refused to give a timestamp.")
        _ = response.tst_info
    except ValueError:
        raise TimestampRefused("That is no timestamp.") from None
    return response
