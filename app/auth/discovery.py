"""What an issuer publishes: where its endpoints are, and its keys (OpenID Connect Discovery 1.0)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final, Generic, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from app.outbound import Outbound, Unreachable
from app.providers import Issuer, SecureUrl
from identity.issuers import PublicKey, key_for, public_keys

FRESH: Final = 3600.0
"""Seconds for which what was read is not read again."""
COOLDOWN: Final = 30.0
"""Seconds between two attempts at the same document, whatever the reason for the second."""

T = TypeVar("T")


class Metadata(BaseModel):
    """The parts of a discovery document that we use (section 3); RFC 9207 for the last."""

    issuer: str
    jwks_uri: SecureUrl
    authorization_endpoint: SecureUrl | None = None
    token_endpoint: SecureUrl | None = None
    userinfo_endpoint: SecureUrl | None = None
    token_endpoint_auth_methods_supported: Sequence[str] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


@dataclass(slots=True)
class Document(Generic[T]):
    """Something at a URL that changes seldom. What was read once stays good while it cannot be read."""

    outbound: Outbound
    parse: Callable[[Any], T]
    value: T | None = None
    read_at: float = float("-inf")
    tried_at: float = float("-inf")
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self, url: str, age: float = FRESH) -> T:
        """It, as it was `age` seconds ago at most. Raises Unreachable."""
        if monotonic() - self.read_at >= age:
            # Who needs nothing newer does not wait for those who do.
            async with self.reading:
                await self._renew(url, age)
        if self.value is None:
            raise Unreachable(f"{url} could not be read a moment ago")
        return self.value

    async def _renew(self, url: str, age: float) -> None:
        now = monotonic()
        if now - self.read_at >= age and now - self.tried_at >= COOLDOWN:
            self.tried_at = now
            await self._fetch(url)

    async def _fetch(self, url: str) -> None:
        try:
            self.value = self.parse(orjson.loads((await self.outbound.get(url)).content))
            self.read_at = monotonic()
        except orjson.JSONDecodeError as error:
            if self.value is None:
                raise Unreachable(f"{url} is no JSON") from error
        except Unreachable:
            if self.value is None:
                raise


class Discovery:
    """An issuer's endpoints and keys, read when they are needed. All methods raise Unreachable."""

    def __init__(self, issuer: Issuer, outbound: Outbound, jwks_uri: str | None = None) -> None:
        self._issuer = issuer
        self._jwks_uri = jwks_uri
        self._metadata = Document(outbound, self._checked)
        self._keys = Document(outbound, self._usable)

    async def metadata(self) -> Metadata:
        """The discovery document (section 4); it must be the configured issuer's, exactly."""
        base = self._issuer.issuer.removesuffix("/")
        return await self._metadata.read(f"{base}/.well-known/openid-configuration")

    async def key(self, key_id: str | None) -> PublicKey | None:
        """The key with this id, a new one too; without an id, the only one that there is."""
        url = self._jwks_uri or (await self.metadata()).jwks_uri
        key = key_for(await self._keys.read(url), key_id)
        return key or key_for(await self._keys.read(url, COOLDOWN), key_id)

    def _checked(self, document: Any) -> Metadata:
        try:
            metadata = Metadata.model_validate(document)
        except ValidationError as error:
            fields = [".".join(map(str, fault["loc"])) for fault in error.errors()]
            raise Unreachable(f"{self._issuer.issuer}: wrong {', '.join(fields)}") from error
        if metadata.issuer != self._issuer.issuer:
            raise Unreachable(f"{self._issuer.issuer} calls itself {metadata.issuer}")
        return metadata

    def _usable(self, jwks: Any) -> list[PublicKey]:
        if not isinstance(jwks, Mapping):
            raise Unreachable(f"{self._issuer.issuer} has no list of keys")
        return public_keys(jwks, self._issuer.algorithms)
