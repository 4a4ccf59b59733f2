"""An OpenID provider in this process, that can be made to lie."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

import httpx
import orjson

from app.outbound import Outbound, Unreachable
from identity.issuers import half_hash
from identity.tokens import SigningKey, new_signing_key
from tests.signing import ORIGIN
from tests.tokens import signed

ISSUER = "https://id.test"
CLIENT = "masthead at id.test"
SECRET = "a secret that the provider knows"
FRONTEND = "https://blog.test"
ONE = {"name": "one", "issuer": ISSUER, "client_id": CLIENT, "client_secret": SECRET}
# The settings of an application that knows this provider, also under a name under which it trusts it with
# second factors, and another.
PROVIDERS = json.dumps(
    [
        ONE,
        {**ONE, "name": "trusted", "trust_second_factor": True},
        {"name": "two", "issuer": "https://id.two.test", "client_id": CLIENT},
    ]
)
START = "/auth/one/start?redirect=/welcome"
TRUSTED = "/auth/trusted/start?redirect=/welcome"
# What `Browser.me` says, once she has signed in.
ANN = {
    "username": "ann",
    "name": "Ann",
    "email": "ann@masthead.test",
    "provider": "one",
    "identities": [{"provider": "one", "email": "ann@masthead.test"}],
}


class Provider(Outbound):
    """Takes the place of what Masthead sends requests by.

    `claims` and `token` change the ID token and the answer that it comes in; None takes a part away.
    `metadata` changes the discovery document. `key` signs, and `published` are the keys to be read,
    with others in `jwks`.
    """

    def __init__(self, issuer: str = ISSUER) -> None:
        super().__init__(production=True)
        self.issuer = issuer
        self.key = new_signing_key("EdDSA", datetime.now(UTC))
        self.published = [self.key]
        self.jwks: list[dict[str, str]] = []
        self.metadata: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {"typ": "JWT"}
        self.token: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.is_away = False
        self.asked: list[str] = []
        self.sign = signed
        self._begun: dict[str, str] = {}

    def answer(self, address: str, **changes: str | None) -> str:
        """Where the person is sent back to, once they have signed in at the address."""
        self._begun = dict(httpx.URL(address).params)
        given = {"code": "a code", "state": self._begun["state"], "iss": self.issuer, **changes}
        query = httpx.QueryParams(
            {name: value for name, value in given.items() if value is not None}
        )
        return f"{self._begun['redirect_uri'].removeprefix(ORIGIN)}?{query}"

    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        content: str | None = None,
    ) -> httpx.Response:
        self.asked.append(url)
        if self.is_away:
            raise Unreachable("away")
        status, body = 200, self._body(url, dict(parse_qsl(content or "")), headers or {})
        if "error" in body:
            status = 400
        request = httpx.Request(method, url)
        return httpx.Response(status, content=orjson.dumps(body), request=request)

    def _body(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Any:
        match url.removeprefix(self.issuer):
            case "/.well-known/openid-configuration":
                return present({**self._known(), **self.metadata})
            case "/jwks":
                return {"keys": [*(key.jwk() for key in self.published), *self.jwks]}
            case "/token":
                return self._tokens(form)
            case "/userinfo":
                assert headers["Authorization"] == "Bearer an access token"
                return self.userinfo
        raise AssertionError(url)

    def _known(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/jwks",
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "authorization_response_iss_parameter_supported": True,
        }

    def _tokens(self, form: Mapping[str, str]) -> dict[str, Any]:
        challenge = sha256(form["code_verifier"].encode()).digest()
        matches = (
            self._begun["code_challenge"] == urlsafe_b64encode(challenge).rstrip(b"=").decode()
        )
        if not matches or form["redirect_uri"] != self._begun["redirect_uri"]:
            return {"error": "invalid_grant"}
        access_token = "an access token"
        made = {"access_token": access_token, "token_type": "Bearer", "id_token": self.id_token()}
        return present({**made, **self.token})

    def id_token(self, **changes: Any) -> str:
        """About Ann, for this client, now."""
        now = datetime.now(UTC)
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "ann at id.test",
            "iat": now,
            "exp": now + timedelta(minutes=5),
            "nonce": self._begun.get("nonce"),
            "at_hash": half_hash("an access token", "EdDSA"),
            "email": "ann@masthead.test",
            "email_verified": True,
            "preferred_username": "ann",
            "name": "Ann",
            **self.claims,
            **changes,
        }
        return self.sign(self.key, present(claims), **self.header)


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def forger(key: SigningKey) -> SigningKey:
    """Another key that goes by the same name."""
    return SigningKey(
        key.id, "EdDSA", new_signing_key("EdDSA", key.active_from).private, key.active_from, None
    )
