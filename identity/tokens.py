"""Access tokens: JSON Web Tokens (RFC 7519, RFC 9068), and the keys that sign them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex, token_urlsafe
from typing import Any, Final, Literal, get_args

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

Algorithm = Literal["EdDSA", "ES256", "RS256", "HS256"]
ALGORITHMS: Final[tuple[str, ...]] = get_args(Algorithm)
TYPE: Final = "at+jwt"
"""The `typ` of our access tokens (RFC 9068, section 2.1): no other token of ours passes for one."""
REQUIRED: Final = ("iss", "aud", "sub", "exp", "iat", "jti")
LIFETIME: Final = timedelta(minutes=15)
LEEWAY: Final = timedelta(seconds=30)
"""How far clocks may differ."""


class InvalidToken(Exception):
    """The token proves nothing; the message says why, and is safe to show."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs from `active_from` until `retired_at`, and verifies a token's lifetime longer.

    `private` is PEM, for HS256 the secret itself.
    """

    id: str
    algorithm: str
    private: str
    active_from: datetime
    retired_at: datetime | None

    def verifies_at(self, now: datetime) -> bool:
        return self.retired_at is None or now < self.retired_at + LIFETIME + LEEWAY

    def signs_at(self, now: datetime) -> bool:
        return self.active_from <= now and (self.retired_at is None or now < self.retired_at)

    def signer(self) -> Any:
        """What PyJWT signs with."""
        return self.private if self.algorithm == "HS256" else _loaded(self.private)

    def verifier(self) -> Any:
        """What PyJWT verifies with: never the private key where there is a public one."""
        return self.private if self.algorithm == "HS256" else _loaded(self.private).public_key()

    def jwk(self) -> dict[str, Any] | None:
        """The public key as a JSON Web Key (RFC 7517); None for HS256, which has none."""
        dump = DUMPS.get(self.algorithm)
        if dump is None:
            return None
        public = dump(self.verifier(), as_dict=True)
        return {**public, "kid": self.id, "alg": self.algorithm, "use": "sig"}


DUMPS: Final[Mapping[str, Callable[..., Any]]] = {
    "EdDSA": OKPAlgorithm.to_jwk,
    "ES256": ECAlgorithm.to_jwk,
    "RS256": RSAAlgorithm.to_jwk,
}
MAKERS: Final[Mapping[str, Callable[[], Any]]] = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RS256": lambda: rsa.generate_private_key(65537, 3072),
}


def new_signing_key(algorithm: str, active_from: datetime) -> SigningKey:
    """A fresh key for one of ALGORITHMS."""
    maker = MAKERS.get(algorithm)
    private = token_urlsafe(48) if maker is None else _pem(maker())
    return SigningKey(token_hex(8), algorithm, private, active_from, None)


def sign(key: SigningKey, claims: Mapping[str, Any]) -> str:
    """The access token with these claims."""
    headers = {"kid": key.id, "typ": TYPE}
    return jwt.encode(dict(claims), key.signer(), key.algorithm, headers)


def key_id_of(token: str) -> str | None:
    """Which key the token names; raises InvalidToken for what is no access token of ours."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, RecursionError):
        raise InvalidToken("This is no token.") from None
    if header.get("typ") != TYPE:
        raise InvalidToken("This is no access token.")
    return header.get("kid")


def verified(
    token: str, key: SigningKey, issuer: str, audience: str, required: Sequence[str] = REQUIRED
) -> dict[str, Any]:
    """The claims of a token that this key has signed, and that is valid now.

    The key decides on the algorithm, never the token. Raises InvalidToken.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key.verifier(),
            algorithms=[key.algorithm],
            audience=audience,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": list(required), "strict_aud": True},
        )
    except jwt.ExpiredSignatureError:
        raise InvalidToken("The token has expired.") from None
    except jwt.PyJWTError:
        raise InvalidToken("The token is not valid.") from None
    return claims


def _loaded(private: str) -> Any:
    return load_pem_private_key(private.encode(), password=None)


def _pem(private: Any) -> str:
    pem: bytes = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode()
