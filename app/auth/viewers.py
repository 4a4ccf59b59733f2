"""Who is asking: found out once, and remembered for a moment."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from starlette.types import Scope

from app.auth.credentials import Credential, credential_of
from app.problems import Problem
from db import viewers
from db.authority import Authority
from db.database import Database
from db.reading import Reads
from db.security import SYSTEM
from db.viewer import Viewer
from identity.opaque import digest
from identity.tokens import InvalidToken

REMEMBERED: Final = 5.0
"""Seconds for which a viewer is not looked up again: so long, at most, a session outlives its end on
another server. On this one it ends at once."""
MOST: Final = 10_000
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class Known(NamedTuple):
    viewer: Viewer
    until: float


class Viewers:
    """Finds the viewer of each request."""

    def __init__(self, database: Database, authority: Authority) -> None:
        self._database = database
        self.authority = authority
        self._known: OrderedDict[str, Known] = OrderedDict()

    async def viewer_of(self, scope: Scope, deadline: float) -> Viewer | None:
        """Who sends the request; None is the public, which shows no credential.

        Raises Problem for a credential that is good for nothing: who shows one means to be somebody.
        """
        credential = credential_of(scope)
        if credential is None:
            return None
        key = digest(credential.secret)
        known = self._known.get(key)
        if known is not None and known.until > asyncio.get_running_loop().time():
            return known.viewer
        viewer = await self._find(credential, self._database.reads(deadline, asker=SYSTEM))
        if viewer is None:
            raise Problem("UNAUTHENTICATED", "This session is over: sign in again.", CHALLENGE)
        self._remember(key, viewer)
        return viewer

    def forget(self, is_meant: Callable[[Viewer], bool]) -> None:
        """Looks these viewers up anew at their next request."""
        for key in [key for key, known in self._known.items() if is_meant(known.viewer)]:
            del self._known[key]

    def _find(self, credential: Credential, reads: Reads) -> Awaitable[Viewer | None]:
        if credential.is_cookie:
            return viewers.viewer_of_cookie(reads, digest(credential.secret))
        return self._by_token(credential.secret, reads)

    async def _by_token(self, token: str, reads: Reads) -> Viewer | None:
        try:
            claims = await self.authority.claims(token)
        except InvalidToken as error:
            raise Problem("UNAUTHENTICATED", str(error), CHALLENGE) from None
        viewer = await viewers.viewer_of_session(reads, str(claims.get("sid")))
        return viewer if viewer is not None and viewer.user_id == claims["sub"] else None

    def _remember(self, key: str, viewer: Viewer) -> None:
        self._known[key] = Known(viewer, asyncio.get_running_loop().time() + REMEMBERED)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
