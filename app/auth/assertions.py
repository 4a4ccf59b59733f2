"""What verified claims say about a person."""

from collections.abc import Mapping
from typing import Any, Final

from app.providers import Claims, Issuer
from db.writes.accounts.identities import Assertion

# Those methods of RFC 8176, section 2, that take more than a password: several factors, a code that is
# good once, a key in hardware or software, a smart card. Who has somebody's telephone number has a text
# message or a call as well: `sms` and `tel` are not among them.
SECOND_FACTORS: Final = ("mfa", "otp", "hwk", "swk", "sc")


def assertion_of(
    provider: str,
    claims: Mapping[str, Any],
    names: Claims,
    *,
    strong: bool,
    tokens: str | None = None,
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
        strong=strong,
    )


def is_strong(issuer: Issuer, claims: Mapping[str, Any]) -> bool:
    """Whether a second factor was among the proofs, and the issuer is trusted with that."""
    methods = claims.get("amr")
    shown = isinstance(methods, list) and any(method in SECOND_FACTORS for method in methods)
    return issuer.trust_second_factor and shown


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value.strip() or None if isinstance(value, str) else None
