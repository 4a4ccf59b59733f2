"""JSON Web Tokens that no library would make."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from identity.tokens import SigningKey


def encoded(part: Any) -> str:
    """A part of a token; times become seconds."""
    text = json.dumps(part, default=lambda value: int(_time(value).timestamp()))
    return _base64(text.encode())


def signed(key: SigningKey, claims: Mapping[str, Any], **header: Any) -> str:
    """A token with any claims and header at all; the key is one for EdDSA."""
    head = {"alg": "EdDSA", "typ": "at+jwt", "kid": key.id, **header}
    body = f"{encoded(head)}.{encoded(claims)}"
    return f"{body}.{_base64(key.signer().sign(body.encode()))}"


def unsigned(token: str, **header: Any) -> str:
    """The token with its header changed, and no signature."""
    head, body, _ = token.split(".")
    known = json.loads(urlsafe_b64decode(head + "=="))
    return f"{encoded({**known, **header})}.{body}."


def signed_by_secret(secret: bytes, claims: Mapping[str, Any], **header: Any) -> str:
    """A token by HS256, with what others hold for a public key as the secret."""
    body = f"{encoded({'alg': 'HS256', 'typ': 'at+jwt', **header})}.{encoded(claims)}"
    return f"{body}.{_base64(hmac.digest(secret, body.encode(), 'sha256'))}"


def public_forms(jwk: dict[str, Any]) -> list[bytes]:
    """What everybody can read of a key, in the ways in which it is written."""
    pem = jwt.PyJWK(jwk).key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return [pem, pem.strip(), json.dumps(jwk).encode(), str(jwk.get("x") or jwk["n"]).encode()]


def _time(value: Any) -> datetime:
    assert isinstance(value, datetime)
    return value


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
