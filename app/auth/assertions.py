"""What verified claims say about a person."""

from collections.abc import Mapping
from typing import Any

from app.providers import Claims
from db.writes.accounts.identities import Assertion


def assertion_of(
    provider: str, claims: Mapping[str, Any], names: Claims, tokens: str | None = None
) -> Assertion:
    """The claims in our terms; `names` says where they are. An address counts if it was verified."""
    verified = claims.get(names.email_verified) is True
    return Assertion(
        provider=provider,
        issuer=claims["iss"],
        subject=claims["sub"],
        email=_text(claims, names.email) if verified else None,
        username=_text(claims, names.username),
        name=_text(claims, names.name),
        tokens=tokens,
        strong=is_strong(claims),
    )


def is_strong(claims: Mapping[str, Any]) -> bool:
    """Whether a second factor was among the proofs (RFC 8176, section 2)."""
    methods = claims.get("amr")
    return isinstance(methods, list) and "mfa" in methods


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value.strip() or None if isinstance(value, str) else None
