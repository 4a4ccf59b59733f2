"""Who is asking: found out once, and remembered for a moment."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

from starlette.types import Scope

from app.auth.credentials import COOKIE, Credential, cookie_of, credential_of
from app.auth.external import ExternalIssuers
from app.auth.origins import Origins
from app.client import client_of
from app.problems import Problem
from db import viewers
from db.authority import Authority
from db.database import Database
from db.reading import Reads
from db.security import SYSTEM
from db.viewer import Client, Viewer
from db.writes.accounts.api_keys import note_use
from db.writes.accounts.sessions import IDLE, renew_session
from identity.opaque import PREFIX, digest, parse_key
from identity.tokens import InvalidToken

REMEMBERED: Final = 5.0
"""Seconds for which a viewer is not looked up again: so long, at most, a session outlives its end on
another server. On this one it ends at once."""
MOST: Final = 10_000
OURS: Final = Origins()
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class Known(NamedTuple):
    viewer: Viewer
    until: float


class Asking(NamedTuple):
    """Who sends a request, None for the public, and the cookie that the response is to set, if any."""

    viewer: Viewer | None
    cookie: tuple[str, int] | None = None


PUBLIC: Final = Asking(None)


class Viewers:
    """Finds the viewer of each request."""

    def __init__(
        self,
        database: Database,
        authority: Authority,
        origins: Origins = OURS,
        issuers: ExternalIssuers | None = None,
    ) -> None:
        self._database = database
        self.authority = authority
        self._origins = origins
        self._issuers = issuers
        self._known: OrderedDict[str, Known] = OrderedDict()

    async def asking(self, scope: Scope, deadline: float) -> Asking:
        """Who sends the request.

        A cookie whose session is over makes nobody of its sender, and is taken away: a browser sends it
        whether it wants to or not. Raises Problem for a bearer's token that is good for nothing: who
        shows one means to be somebody.
        """
        credential = credential_of(scope, self._origins)
        if credential is None:
            return PUBLIC
        key = digest(credential.secret)
        known = self._known.get(key)
        if known is not None and known.until > asyncio.get_running_loop().time():
            return Asking(known.viewer)
        asking = await self._find(credential, scope, self._database.reads(deadline, asker=SYSTEM))
        if asking.viewer is not None:
            self._remember(key, asking.viewer)
        return asking

    async def viewer_of_browser(self, scope: Scope) -> Viewer | None:
        """Who is signed in where an address is opened, be it at the behest of another site's page."""
        cookie = cookie_of(scope, COOKIE)
        if cookie is None:
            return None
        viewer, _due = await viewers.viewer_of_cookie(
            self._database.reads(asker=SYSTEM), digest(cookie)
        )
        return viewer

    def forget(self, is_meant: Callable[[Viewer], bool]) -> None:
        """Looks these viewers up anew at their next request."""
        for key in [key for key, known in self._known.items() if is_meant(known.viewer)]:
            del self._known[key]

    async def _find(self, credential: Credential, scope: Scope, reads: Reads) -> Asking:
        if credential.is_cookie:
            return await self._by_cookie(credential.secret, reads)
        return await self._by_token(credential.secret, reads, client_of(scope))

    async def _by_cookie(self, token: str, reads: Reads) -> Asking:
        viewer, due = await viewers.viewer_of_cookie(reads, digest(token))
        if viewer is None or viewer.session_id is None:
            return Asking(None, ("", 0))
        if not due:
            return Asking(viewer)
        async with self._database.write() as tx:
            await renew_session(tx, viewer.session_id)
        return Asking(viewer, (token, round(IDLE.total_seconds())))

    async def _by_token(self, token: str, reads: Reads, client: Client) -> Asking:
        if token.startswith(PREFIX):
            return await self._by_key(token, reads, client.address)
        try:
            if self._issuers is not None and self._issuers.issued(token):
                return Asking(await self._issuers.viewer_of(token, client, reads))
            claims = await self.authority.claims(token)
        except InvalidToken as error:
            raise Problem("UNAUTHENTICATED", str(error), CHALLENGE) from None
        viewer = await viewers.viewer_of_session(reads, str(claims.get("sid")))
        if viewer is None or viewer.user_id != claims["sub"]:
            raise Problem("UNAUTHENTICATED", "This session is over: sign in again.", CHALLENGE)
        return Asking(viewer)

    async def _by_key(self, token: str, reads: Reads, client_address: str | None) -> Asking:
        key = parse_key(token)
        viewer, due = await viewers.viewer_of_key(reads, key) if key else (None, False)
        if viewer is None or viewer.key_id is None:
            raise Problem("UNAUTHENTICATED", "This API key is not valid.", CHALLENGE)
        if due:
            async with self._database.write() as tx:
                await note_use(tx, viewer.key_id, client_address)
        return Asking(viewer)

    def _remember(self, key: str, viewer: Viewer) -> None:
        self._known[key] = Known(viewer, asyncio.get_running_loop().time() + REMEMBERED)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
