"""Second factors in software: an authenticator app's codes, and passkeys that can lie."""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pyotp import TOTP
from webauthn.helpers import encode_cbor

from tests.signing import ORIGIN

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


def code_at(secret: str, step: int = 0) -> str:
    """The code of the present step of time, or of one so many steps from it."""
    return TOTP(secret).at(time.time() + 30 * step)


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "===")


@dataclass
class SoftPasskey:
    """A passkey and the browser around it, on a page of `origin`; each can lie about what it does."""

    origin: str = ORIGIN
    rp_id: str = "masthead.test"
    flags: int = PRESENT | VERIFIED
    cross_origin: bool = False
    counts: bool = True
    count: int = 0
    user_handle: str | None = None
    credential_id: bytes = field(default_factory=lambda: token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options: dict[str, Any], kind: str = "webauthn.create") -> dict[str, Any]:
        """The credential for these creation options."""
        self.user_handle = decoded(options["user"]["id"]).decode()
        data = self._data(self.flags | ATTESTED) + self._attested()
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._credential(
            clientDataJSON=encoded(self._client_data(options, kind)),
            attestationObject=encoded(encode_cbor(attestation)),
        )

    def get(self, options: dict[str, Any], kind: str = "webauthn.get") -> dict[str, Any]:
        """The assertion for these request options."""
        client_data, data = self._client_data(options, kind), self._data(self.flags)
        signed = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        handle = self.user_handle and encoded(self.user_handle.encode())
        return self._credential(
            clientDataJSON=encoded(client_data),
            authenticatorData=encoded(data),
            signature=encoded(signed),
            userHandle=handle,
        )

    def _credential(self, **response: str | None) -> dict[str, Any]:
        name = encoded(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}

    def _client_data(self, options: dict[str, Any], kind: str) -> bytes:
        said = {
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
        }
        return json.dumps(said).encode()

    def _data(self, flags: int) -> bytes:
        self.count += 1 if self.counts else 0
        return sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _attested(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        length = len(self.credential_id).to_bytes(2, "big")
        return bytes(16) + length + self.credential_id + public
