"""/auth/PROVIDER/start and /auth/PROVIDER/callback: to an OpenID provider, and back signed in.

A browser comes to `start`, by a link on a sign-in page, and gets a cookie that binds it to what it began:
nobody can finish another's sign-in, nor have somebody finish theirs. A browser that is signed in links the
identity to its person instead, or proves by a linked one that they are still there. However it ends, the
browser goes on to `redirect`, after a failure with `?error=CODE`; with `#second_factor=TOKEN` and without a
session where the person has a second factor, which `resumeSignIn` and `completeSignIn` ask for.

Both write, whoever asks, and so a network address may ask only so often.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.auth.credentials import COOKIE, cookie_header, cookie_of, set_cookie
from app.auth.openid import Asked, Failed, RelyingParty
from app.auth.viewers import Viewers
from app.client import client_of
from app.headers import header
from app.outbound import Outbound
from app.problems import STATUS, Problem
from app.settings import Settings
from db.database import Database
from db.errors import Conflict, DomainError, RateLimited, StepUpRequired
from db.viewer import Viewer
from db.writes import audit
from db.writes.accounts import challenges
from db.writes.accounts.factors import Demand, start_or_demand
from db.writes.accounts.identities import (
    Assertion,
    Refused,
    link_identity,
    sign_in_with_identity,
)
from db.writes.accounts.sessions import Started
from identity.opaque import digest, new_token
from identity.secrets import Unreadable
from resolvers.permissions import HasProvenRecently

PATIENCE: Final = timedelta(minutes=10)
"""How long a person may take at the provider."""
MOST: Final = 60
"""How often a network address may come to each of the two in a minute, whichever the provider."""
# It must come along from the provider's site, which Strict would keep it from.
BINDING: Final = f"{COOKIE}-sign-in"
UNBOUND: Final = cookie_header(BINDING, "", 0)
HEADERS: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
HOME: Final = "/"
# No scheme, no host: browsers take `//` and `/\\` for the start of a host, and drop control characters.
PATH: Final = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")

Throttle = Callable[[str, int, str | None], Awaitable[None]]
"""Counts a call of what has this name, so often a minute, by an address: `Budgets.throttle_calls`."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way, as it was when it began; `user_id` is whom the identity is for, if anybody."""

    asked: Asked
    redirect: str
    user_id: str | None


def routes(
    settings: Settings,
    database: Database,
    viewers: Viewers,
    outbound: Outbound,
    throttle: Throttle,
) -> list[BaseRoute]:
    """Two addresses a provider."""
    authority = viewers.authority
    served: list[BaseRoute] = []
    for provider in settings.oidc_providers:
        party = RelyingParty(provider, outbound, authority.keyring, authority.public_url)
        sign_in = SignIn(party, settings.redirects, database, viewers, throttle)
        base = f"/auth/{provider.name}"
        served.append(Route(f"{base}/start", _reported(sign_in.start)))
        served.append(Route(f"{base}/callback", _reported(sign_in.callback)))
    return served


@dataclass(frozen=True, slots=True)
class SignIn:
    """Signs people in with one provider. `frontends` are the origins that they may return to."""

    party: RelyingParty
    frontends: Sequence[str]
    database: Database
    viewers: Viewers
    throttle: Throttle

    async def start(self, request: Request) -> Response:
        """To the provider. Raises Problem for a `redirect` to elsewhere, and for a forged link."""
        await self._throttle(request, "start")
        redirect = request.query_params.get("redirect") or HOME
        if not self._is_ours(redirect):
            raise Problem(
                "BAD_REQUEST", "The redirect must be a path, or lead to a known frontend."
            )
        viewer = await self.viewers.viewer_of_browser(request.scope)
        if viewer is not None and not self._comes_from_us(request):
            raise Problem("CSRF_PREVENTED", "An identity is linked from a page of ours only.")
        anew = viewer is not None and not HasProvenRecently().allows(viewer)
        binding = new_token()
        try:
            asked = await self._ask(viewer, redirect, binding)
            address = await self.party.address(asked, anew=anew)
        except Failed as failed:
            return await self._fail(request, redirect, failed.code)
        return _to(address, cookie_header(BINDING, binding, round(PATIENCE.total_seconds())))

    async def callback(self, request: Request) -> Response:
        """Back from the provider. What is refused here can be tried again: nothing is used up."""
        await self._throttle(request, "callback")
        begun = await self._begun(request)
        if begun is None:
            return await self._fail(request, HOME, "INVALID_STATE")
        try:
            viewer = await self._linking(request, begun)
            said = await self.party.assertion(begun.asked, request.query_params)
            if viewer is not None:
                return await self._link(request, viewer, said, begun.redirect)
            started = await self._sign_in(request, said)
        except (Failed, Refused, Conflict, StepUpRequired) as failed:
            return await self._fail(request, begun.redirect, failed.code)
        if isinstance(started, Demand):
            return _to(_with_token(begun.redirect, started.asked.token), UNBOUND)
        left = (started.expires_at - datetime.now(UTC)).total_seconds()
        return _to(begun.redirect, UNBOUND, set_cookie(started.token, round(left)))

    async def _throttle(self, request: Request, step: str) -> None:
        address = client_of(request.scope).address
        await self.throttle(f"/auth/*/{step}", MOST, address)

    async def _ask(self, viewer: Viewer | None, redirect: str, binding: str) -> Asked:
        """Begins a sign-in, or, for a viewer, to link an identity."""
        await self.party.require_reachable()
        nonce, verifier = new_token(), new_token()
        details = {
            "provider": self.party.provider.name,
            "nonce": nonce,
            "verifier": self.viewers.authority.keyring.seal(verifier),
            "binding": digest(binding),
            "redirect": redirect,
        }
        user_id = None if viewer is None else viewer.user_id
        async with self.database.write() as tx:
            stored = await challenges.ask(tx, "OIDC", user_id, PATIENCE, **details)
        return Asked(stored.token, nonce, verifier)

    async def _begun(self, request: Request) -> Begun | None:
        """What this browser has begun with this provider, once; None for all else."""
        state, binding = request.query_params.get("state"), cookie_of(request.scope, BINDING)
        if not state or not binding:
            return None
        async with self.database.write() as tx:
            row = await challenges.take(tx, state, "OIDC")
        if row is None or not self._fits(row.details, binding):
            return None
        try:
            verifier = self.viewers.authority.keyring.open(row.details["verifier"])
        except Unreadable:
            return None
        asked = Asked(state, row.details["nonce"], verifier)
        return Begun(asked, row.details["redirect"], row.user_id)

    def _fits(self, details: Mapping[str, str], binding: str) -> bool:
        here = self.party.provider.name
        return details["provider"] == here and details["binding"] == digest(binding)

    async def _linking(self, request: Request, begun: Begun) -> Viewer | None:
        """Who has begun to link an identity; they must be signed in still. Raises Failed."""
        if begun.user_id is None:
            return None
        viewer = await self.viewers.viewer_of_browser(request.scope)
        if viewer is None or viewer.user_id != begun.user_id:
            raise Failed("INVALID_STATE")
        return viewer

    async def _link(
        self, request: Request, viewer: Viewer, said: Assertion, redirect: str
    ) -> Response:
        proven = HasProvenRecently().allows(viewer)
        async with self.database.write() as tx:
            await link_identity(tx, client_of(request.scope), viewer, said, proven=proven)
        self.viewers.forget(lambda known: known.user_id == viewer.user_id)
        return _to(redirect, UNBOUND)

    async def _sign_in(self, request: Request, said: Assertion) -> Started | Demand:
        """A session; or what the person must show besides, unless the provider has seen the like."""
        client, authority = client_of(request.scope), self.viewers.authority
        async with self.database.write() as tx:
            user_id = await sign_in_with_identity(
                tx, client, said, sign_up_open=authority.sign_up_open
            )
            return await start_or_demand(
                tx, authority, client, user_id, said.provider, strong=said.strong, cookie=True
            )

    async def _fail(self, request: Request, redirect: str, code: str) -> Response:
        provider = self.party.provider.name
        async with self.database.write() as tx:
            await audit.record(
                tx,
                client_of(request.scope),
                None,
                "identity.verify",
                result="FAILURE",
                provider=provider,
                code=code,
            )
        return _to(str(URL(redirect).include_query_params(error=code)), UNBOUND)

    def _origins(self) -> Sequence[str]:
        return (self.viewers.authority.public_url, *self.frontends)

    def _is_ours(self, redirect: str) -> bool:
        """Whether it is a path here, or at a frontend: compared as text, so that no parser is fooled."""
        places = [
            redirect.removeprefix(each) for each in self._origins() if redirect.startswith(each)
        ]
        return any(not place or PATH.fullmatch(place) for place in (*places, redirect))

    def _comes_from_us(self, request: Request) -> bool:
        """Whether the browser says that a page of ours has opened the address.

        Else another site could link an identity of its owner's to whoever visits it.
        """
        if header(request.scope, b"sec-fetch-site") == "same-origin":
            return True
        referer = urlsplit(header(request.scope, b"referer"))
        return f"{referer.scheme}://{referer.netloc}" in self._origins()


def _with_token(redirect: str, token: str) -> str:
    """The address with the token behind `#`, which no browser sends to a server, nor in a Referer."""
    return f"{redirect}{'&' if '#' in redirect else '#'}second_factor={token}"


def _to(address: str, *cookies: str) -> Response:
    response = RedirectResponse(address, 303, HEADERS)
    for cookie in cookies:
        response.headers.append("Set-Cookie", cookie)
    return response


Handler = Callable[[Request], Awaitable[Response]]


def _reported(handler: Handler) -> Handler:
    """The handler, with too many calls and the database's failures told as such."""

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except RateLimited as error:
            again = {"Retry-After": str(error.retry_after)}
            raise Problem(error.code, str(error), again, retryAfter=error.retry_after) from error
        except DomainError as error:
            code = error.code if error.code in STATUS else "BAD_REQUEST"
            raise Problem(code, str(error)) from error

    return handle
