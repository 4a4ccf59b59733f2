"""Tokens of others: their keys (RFC 7517), their access tokens (RFC 9068), their ID tokens (OpenID)."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256, sha384, sha512
from typing import Any, Final, Literal

import jwt

from identity.tokens import LEEWAY, InvalidToken

Algorithm = Literal["EdDSA", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512"]
"""What others may sign with: a private key always, never a secret that both sides know."""
DEFAULTS: Final[tuple[Algorithm, ...]] = ("EdDSA", "ES256", "RS256")
REQUIRED: Final = ("iss", "aud", "sub", "exp", "iat")
TYPES: Final = frozenset({"jwt", "at+jwt"})
"""The types of access tokens, in lower case: an ID token or a logout token that says so is none."""
# OpenID Connect Core 1.0, section 3.1.3.6: the hash of the algorithm that has signed; Ed25519 has SHA-512.
HASHES: Final = {"256": sha256, "384": sha384, "512": sha512, "DSA": sha512}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key of an issuer's. It has one algorithm, whatever a token says."""

    id: str | None
    algorithm: str
    key: Any


@dataclass(frozen=True, slots=True)
class Header:
    """What a token says of itself before anything of it is verified."""

    issuer: str
    key_id: str | None
    type: str


def header_of(token: str) -> Header:
    """Raises InvalidToken for what is no JSON Web Token, or names no issuer."""
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, RecursionError):
        raise InvalidToken("This is no token.") from None
    issuer, kind = claims.get("iss"), header.get("typ", "JWT")
    if not isinstance(issuer, str) or not isinstance(kind, str):
        raise InvalidToken("The token names no issuer.")
    return Header(issuer, header.get("kid"), kind.lower().removeprefix("application/"))


def public_keys(jwks: Mapping[str, Any], algorithms: Sequence[str]) -> list[PublicKey]:
    """The keys of a JSON Web Key Set that sign with one of the algorithms; the others are left out."""
    listed = jwks.get("keys")
    found = map(_public_key, listed if isinstance(listed, list) else [])
    return [key for key in found if key is not None and key.algorithm in algorithms]


def key_for(keys: Iterable[PublicKey], key_id: str | None) -> PublicKey | None:
    """The key with this id; for a token that names none, the only one that there is."""
    able = [key for key in keys if key_id is None or key.id == key_id]
    return able[0] if len(able) == 1 else None


def verified_by(token: str, key: PublicKey, issuer: str, audience: str) -> dict[str, Any]:
    """The claims of a token of the issuer for this audience, valid now. Raises InvalidToken.

    `aud` may name others, too.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[key.algorithm],
            audience=audience,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": list(REQUIRED), "enforce_minimum_key_length": True},
        )
    except jwt.ExpiredSignatureError:
        raise InvalidToken("The token has expired.") from None
    except jwt.PyJWTError:
        raise InvalidToken("The token is not valid.") from None
    if not claims["sub"]:
        raise InvalidToken("The token is about nobody.")
    return claims


def verify_id_token(
    token: str, key: PublicKey, issuer: str, client_id: str, nonce: str, access_token: str
) -> dict[str, Any]:
    """The claims of an ID token made for this sign-in (OpenID Connect Core 1.0, section 3.1.3.7).

    Raises InvalidToken.
    """
    claims = verified_by(token, key, issuer, client_id)
    if claims.get("nonce") != nonce:
        raise InvalidToken("The ID token belongs to another sign-in.")
    party = claims.get("azp")
    if party != client_id and (party is not None or claims["aud"] not in (client_id, [client_id])):
        raise InvalidToken("The ID token was issued to another party.")
    if claims.get("at_hash", expected := half_hash(access_token, key.algorithm)) != expected:
        raise InvalidToken("The ID token belongs to another access token.")
    return claims


def half_hash(text: str, algorithm: str) -> str:
    """`at_hash` of an access token, beside an ID token that is signed with this algorithm."""
    whole = HASHES[algorithm[-3:]](text.encode()).digest()
    return urlsafe_b64encode(whole[: len(whole) // 2]).rstrip(b"=").decode()


def _public_key(described: Any) -> PublicKey | None:
    """None for a key that is not for signatures, or that we know no use of."""
    if not isinstance(described, dict) or described.get("use", "sig") != "sig":
        return None
    try:
        made = jwt.PyJWK(described)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return PublicKey(made.key_id, made.algorithm_name, made.key)
