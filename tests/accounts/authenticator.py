"""A passkey in software: answers WebAuthn questions as a device with its user in front of it would."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Authenticator:
    """One credential. `verifies`: whether the device checks its user; `origin`: where it believes to be."""

    def __init__(self, *, verifies: bool = True, origin: str = "http://testserver") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential = secrets.token_bytes(32)
        self.flags = PRESENT | (VERIFIED if verifies else 0)
        self.origin = origin
        self.count = 0
        self.handle = b""

    def create(self, options: str) -> str:
        """What `navigator.credentials.create()` gives, as JSON."""
        asked = json.loads(options)
        self.handle = base64url_to_bytes(asked["user"]["id"])
        data = self._data(asked["rp"]["id"], self.flags | ATTESTED) + self._attested()
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._said(asked, "webauthn.create", attestationObject=bytes_to_base64url(attestation))

    def get(self, options: str) -> str:
        """What `navigator.credentials.get()` gives, as JSON."""
        asked = json.loads(options)
        self.count += 1
        data = self._data(asked["rpId"], self.flags)
        client = self._client(asked, "webauthn.get")
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._said(
            asked,
            "webauthn.get",
            authenticatorData=bytes_to_base64url(data),
            signature=bytes_to_base64url(signature),
            userHandle=bytes_to_base64url(self.handle),
        )

    def _data(self, rp_id: str, flags: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _attested(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        return bytes(16) + len(self.credential).to_bytes(2) + self.credential + public

    def _client(self, asked: dict[str, Any], kind: str) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _said(self, asked: dict[str, Any], kind: str, **response: str) -> str:
        identifier = bytes_to_base64url(self.credential)
        client = bytes_to_base64url(self._client(asked, kind))
        return json.dumps(
            {
                "id": identifier,
                "rawId": identifier,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {"clientDataJSON": client, **response},
            }
        )
