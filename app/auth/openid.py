"""Signing in with an OpenID provider: the authorization code flow, with PKCE, state and nonce.

OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE); RFC 9207 (the issuer in the response).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
import orjson
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client

from app.auth.assertions import assertion_of, is_strong
from app.auth.discovery import Discovery, Metadata
from app.outbound import Outbound, Unreachable
from app.providers import Claims, Provider
from db.writes.accounts.identities import Assertion
from identity.issuers import header_of, verify_id_token
from identity.secrets import Keyring
from identity.tokens import InvalidToken

CLAIMS: Final = Claims()


class Failed(Exception):
    """The sign-in came to nothing; `code` says why, and is safe to show."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sign-in sends to the provider, or keeps to itself until the answer: all secret."""

    state: str
    nonce: str
    verifier: str


class Client(OAuth2Client):  # type: ignore[misc]
    """Authlib's client, whose requests go through `Outbound`."""

    outbound: Outbound

    async def _fetch_token(
        self, url: str, body: str, auth: Any, method: str, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        url, made, body = auth.prepare(method, url, dict(headers), body)
        token = self.parse_response_token(await self.outbound.send(method, url, made, body))
        return dict(token)


class RelyingParty:
    """We, as one provider's client. Methods raise Failed."""

    def __init__(
        self, provider: Provider, outbound: Outbound, keyring: Keyring, public_url: str
    ) -> None:
        self.provider = provider
        self.redirect_uri = f"{public_url}/auth/{provider.name}/callback"
        self._outbound = outbound
        self._keyring = keyring
        self._discovery = Discovery(provider, outbound)

    async def require_reachable(self) -> None:
        """Raises Failed while it is not known where the provider is to be asked."""
        await self._metadata()

    async def address(self, asked: Asked, *, anew: bool = False) -> str:
        """Where the provider asks the person who they are; `anew` even if it knows (`prompt`, 3.1.2.1)."""
        metadata = await self._metadata()
        url, _ = self._client(metadata).create_authorization_url(
            metadata.authorization_endpoint,
            state=asked.state,
            nonce=asked.nonce,
            code_verifier=asked.verifier,
            prompt="login" if anew else None,
        )
        return str(url)

    async def assertion(self, asked: Asked, answer: Mapping[str, str]) -> Assertion:
        """What the provider says about the person, given the parameters that it has sent them back with."""
        metadata = await self._metadata()
        self._require_issuer(metadata, answer.get("iss"))
        if "error" in answer:
            raise Failed(
                "ACCESS_DENIED" if answer["error"] == "access_denied" else "PROVIDER_ERROR"
            )
        token = await self._exchange(metadata, asked, answer.get("code", ""))
        claims = await self._id_token(asked, token)
        # Signed it is, in the ID token alone: elsewhere it may be what people say of themselves.
        strong = is_strong(self.provider, claims)
        if CLAIMS.email not in claims and metadata.userinfo_endpoint is not None:
            claims = await self._with_userinfo(metadata.userinfo_endpoint, token, claims)
        sealed = self._keyring.seal(orjson.dumps(token).decode())
        return assertion_of(self.provider.name, claims, CLAIMS, strong=strong, tokens=sealed)

    async def _metadata(self) -> Metadata:
        try:
            metadata = await self._discovery.metadata()
        except Unreachable as error:
            raise Failed("PROVIDER_UNAVAILABLE") from error
        if metadata.authorization_endpoint is None or metadata.token_endpoint is None:
            raise Failed("PROVIDER_UNAVAILABLE")
        return metadata

    def _require_issuer(self, metadata: Metadata, issuer: str | None) -> None:
        """RFC 9207, section 2.4: an answer of another provider is none."""
        expected = metadata.authorization_response_iss_parameter_supported
        if issuer != self.provider.issuer and (issuer is not None or expected):
            raise Failed("INVALID_STATE")

    async def _exchange(self, metadata: Metadata, asked: Asked, code: str) -> dict[str, Any]:
        client = self._client(metadata)
        try:
            token: dict[str, Any] = await client.fetch_token(
                metadata.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=asked.verifier,
            )
        except Unreachable as error:
            raise Failed("PROVIDER_UNAVAILABLE") from error
        except (AuthlibBaseError, httpx.HTTPError, ValueError) as error:
            raise Failed("PROVIDER_ERROR") from error
        return token

    async def _id_token(self, asked: Asked, token: Mapping[str, Any]) -> dict[str, Any]:
        given, access_token = token.get("id_token"), token.get("access_token")
        if not isinstance(given, str) or not isinstance(access_token, str):
            raise Failed("INVALID_TOKEN")
        try:
            key = await self._discovery.key(header_of(given).key_id)
            if key is None:
                raise Failed("INVALID_TOKEN")
            return verify_id_token(
                given,
                key,
                self.provider.issuer,
                self.provider.client_id,
                asked.nonce,
                access_token,
            )
        except InvalidToken as error:
            raise Failed("INVALID_TOKEN") from error
        except Unreachable as error:
            raise Failed("PROVIDER_UNAVAILABLE") from error

    async def _with_userinfo(
        self, url: str, token: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The claims with those of the UserInfo endpoint, which must be about the same person (5.3.2)."""
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        try:
            more = orjson.loads((await self._outbound.get(url, headers)).content)
        except (Unreachable, orjson.JSONDecodeError) as error:
            raise Failed("PROVIDER_UNAVAILABLE") from error
        if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
            raise Failed("INVALID_TOKEN")
        return {**more, **claims}

    def _client(self, metadata: Metadata) -> Client:
        secret = self.provider.client_secret
        client = Client(
            None,
            client_id=self.provider.client_id,
            client_secret=secret and secret.get_secret_value(),
            scope=" ".join(self.provider.scopes),
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method=_method(metadata) if secret else "none",
        )
        client.outbound = self._outbound
        return client


def _method(metadata: Metadata) -> str:
    """How we show the secret: as providers do by default, unless this one takes it in the body only."""
    known = metadata.token_endpoint_auth_methods_supported
    return "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"
