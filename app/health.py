"""/health/live: the process answers. /health/ready: it can serve, so traffic may come."""

from collections.abc import Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from db import revisions
from db.database import Database
from db.errors import Unavailable

OK = "ok"
UNKNOWN = "unknown"


class Health:
    """What the two addresses say about one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._migrated = False

    def routes(self) -> list[BaseRoute]:
        """The two addresses; both answer JSON, and HEAD as well as GET."""
        return [Route("/health/live", self.live), Route("/health/ready", self.ready)]

    async def live(self, _request: Request) -> Response:
        """200 as long as the event loop turns; asks nothing of the database."""
        return _report({})

    async def ready(self, _request: Request) -> Response:
        """200 when every check is "ok", else 503; the checks say what is wrong, without secrets."""
        try:
            await self._database.ping()
        except Unavailable as error:
            return _report({"database": str(error), "migrations": UNKNOWN})
        try:
            return _report({"database": OK, "migrations": await self._migrations()})
        except Unavailable as error:
            return _report({"database": OK, "migrations": str(error)})

    async def _migrations(self) -> str:
        # Asked until once at head: a newer version may migrate while this one still serves.
        if not self._migrated:
            async with self._database.read() as connection:
                status = await revisions.status_of(connection)
            if not status.up_to_date:
                return _behind(status)
            self._migrated = True
        return OK


def _behind(status: revisions.Status) -> str:
    if status.unknown:
        return f"the database is at {status.current}, which this version does not know"
    return f"{len(status.pending)} to apply: run masthead migrate"


def _report(checks: Mapping[str, str]) -> Response:
    healthy = all(found == OK for found in checks.values())
    return Response(
        orjson.dumps({"status": OK if healthy else "unavailable", "checks": checks}),
        200 if healthy else 503,
        {"Cache-Control": "no-store"},
        "application/json",
    )
