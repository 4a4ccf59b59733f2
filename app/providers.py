"""Whom else we believe who somebody is: identity providers, and issuers of access tokens."""

from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

from identity.issuers import DEFAULTS, Algorithm

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def _secure(url: str) -> str:
    """The URL as it is; raises ValueError for one that others on the way can read or change."""
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or (parts.scheme != "https" and not local):
        raise ValueError("it must start with https://")
    if parts.fragment or parts.username is not None:
        raise ValueError("it must have no user name and no fragment")
    return url


def _plain(url: str) -> str:
    """OpenID Connect Discovery 1.0, section 3: an issuer has no query."""
    if "?" in url:
        raise ValueError("it must be a scheme, a host and a path")
    return url


def _no_method_of_ours(name: str) -> str:
    """A session says by which name its person has signed in."""
    if name in {"password", "passkey"}:
        raise ValueError("it must be another name than that of a way to sign in here")
    return name


SecureUrl = Annotated[str, AfterValidator(_secure)]
IssuerUrl = Annotated[SecureUrl, AfterValidator(_plain)]
Algorithms = Annotated[tuple[Algorithm, ...], Field(min_length=1)]


class Issuer(BaseModel):
    """Who signs tokens, by the name in their `iss`, exactly; and what they may be signed with.

    With `trust_second_factor`, a second factor that was shown there is as good as one that is shown here.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    issuer: IssuerUrl
    algorithms: Algorithms = DEFAULTS
    trust_second_factor: bool = False


class Provider(Issuer):
    """An OpenID provider that people sign in with; `name` stands in addresses."""

    name: Annotated[str, AfterValidator(_no_method_of_ours)] = Field(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40
    )
    client_id: str = Field(min_length=1)
    client_secret: SecretStr | None = None
    scopes: tuple[str, ...] = ("openid", "email", "profile")

    @model_validator(mode="before")
    @classmethod
    def _secret_from_file(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "client_secret_file" not in given:
            return given
        rest = {name: value for name, value in given.items() if name != "client_secret_file"}
        if "client_secret" in rest:
            raise ValueError("client_secret and client_secret_file are both given")
        try:
            return rest | {"client_secret": Path(given["client_secret_file"]).read_text().strip()}
        except (OSError, TypeError, UnicodeDecodeError):
            raise ValueError("client_secret_file cannot be read") from None

    @model_validator(mode="after")
    def _asks_for_identity(self) -> "Provider":
        if "openid" not in self.scopes:
            raise ValueError('scopes must have "openid"')
        return self


class Claims(BaseModel):
    """In which claims an issuer says what about a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: str = "email"
    email_verified: str = "email_verified"
    username: str = "preferred_username"
    name: str = "name"


class ExternalIssuer(Issuer):
    """Whose access tokens are as good as ours, if they are for `audience`.

    Its keys are at `jwks_uri`, or where its discovery document says.
    """

    audience: str = Field(min_length=1)
    jwks_uri: SecureUrl | None = None
    claims: Claims = Claims()


def _listed(given: object) -> object:
    """The value of a text in JSON."""
    if not isinstance(given, str):
        return given
    try:
        return orjson.loads(given)
    except orjson.JSONDecodeError:
        raise ValueError("it is no JSON") from None


def _unique(name: str) -> AfterValidator:
    def check(items: tuple[Any, ...]) -> tuple[Any, ...]:
        if len({getattr(item, name) for item in items}) < len(items):
            raise ValueError(f"two have the same {name}")
        return items

    return AfterValidator(check)


Providers = Annotated[tuple[Provider, ...], BeforeValidator(_listed), _unique("name")]
ExternalIssuers = Annotated[tuple[ExternalIssuer, ...], BeforeValidator(_listed), _unique("issuer")]
