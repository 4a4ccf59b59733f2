"""The server's parts, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from operator import attrgetter
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette_compress import add_compress_type

from app import graphiql
from app.auth import jwks, passkeys
from app.auth.viewers import Viewers
from app.health import Health
from app.http.compression import Compression
from app.http.endpoint import Endpoint
from app.http.responses import GRAPHQL_RESPONSE, fault_response, refusal_response
from app.observability import RequestLog
from app.settings import Settings
from db.authority import Authority
from db.database import Database
from engine import Engine
from resolvers.schema import schema as strawberry_schema

EXCEPTION_HANDLERS: dict[Any, Any] = {
    HTTPException: refusal_response,
    Exception: fault_response,
}

add_compress_type(GRAPHQL_RESPONSE)


def create_app(
    settings: Settings,
    database: Database,
    authority: Authority | None = None,
    schema: Any = strawberry_schema,
) -> Starlette:
    """The ASGI application; it disposes of `database` when the server stops.

    Without an `authority` everybody is the public.
    """
    viewers = None if authority is None else Viewers(database, authority)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await database.dispose()

    app = Starlette(
        routes=_routes(settings, database, authority),
        # Read from the outside in.
        middleware=[
            Middleware(RequestLog),
            Middleware(Compression),
            Middleware(Endpoint, settings, database, _engine(settings, schema), viewers),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lifespan,
    )
    # A redirect would name http:// and our own host, which a client beyond a proxy cannot use.
    app.router.redirect_slashes = False
    return app


def _engine(settings: Settings, schema: Any) -> Engine:
    return Engine(schema, settings.limits, tracer=attrgetter("trace"))


def _routes(settings: Settings, database: Database, authority: Authority | None) -> list[BaseRoute]:
    """All but /graphql."""
    home = [Route("/", _to_graphiql)] if settings.graphiql else []
    return [
        *Health(database).routes(),
        *graphiql.routes(settings),
        *([] if authority is None else [*jwks.routes(authority), *passkeys.routes(authority)]),
        *home,
    ]


async def _to_graphiql(_request: Request) -> Response:
    """Relative, so that it also holds behind a proxy's path prefix."""
    return RedirectResponse("graphiql")
