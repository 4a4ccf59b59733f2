"""The server's parts, put together."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from operator import attrgetter
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette_compress import add_compress_type
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app import graphiql, jobs
from app.auth import jwks, passkeys, sign_in
from app.auth.external import ExternalIssuers
from app.auth.origins import origins_of
from app.auth.viewers import Viewers
from app.documents import trusted_documents
from app.health import Health
from app.http.budgets import Budgets
from app.http.compression import Compression
from app.http.cors import Cors
from app.http.documents import DocumentStore
from app.http.endpoint import Endpoint
from app.http.responses import GRAPHQL_RESPONSE, fault_response, refusal_response
from app.observability import RESPONSE_HEADERS, STRICT_TRANSPORT, Headers, RequestLog
from app.outbound import Outbound
from app.settings import Settings
from db.authority import Authority
from db.database import Database
from db.jobs.worker import Worker
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

    Without an `authority` everybody is the public. Jobs are done beside the requests, unless the settings
    say that a worker of its own does them. Raises ConfigurationError for trusted documents that cannot
    be executed.
    """
    outbound = Outbound(settings.profile == "production")
    viewers = _viewers(settings, database, authority, outbound)
    budgets = Budgets(settings)
    engine = _engine(settings, schema, budgets)
    trusted = trusted_documents(engine, settings.documents)
    documents = DocumentStore(engine, trusted, settings.documents_only)

    app = Starlette(
        routes=_routes(settings, database, viewers, outbound, budgets),
        # Read from the outside in.
        middleware=[
            *_proxies(settings),
            Middleware(RequestLog, _response_headers(settings)),
            *_cors(settings),
            Middleware(Compression),
            Middleware(Endpoint, settings, database, engine, documents, budgets, viewers),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lambda _app: _lifespan(settings, database, authority),
    )
    # A redirect would name http:// and our own host, which a client beyond a proxy cannot use.
    app.router.redirect_slashes = False
    return app


def _viewers(
    settings: Settings, database: Database, authority: Authority | None, outbound: Outbound
) -> Viewers | None:
    if authority is None:
        return None
    issuers = ExternalIssuers(settings.external_issuers, database, outbound, authority.sign_up_open)
    return Viewers(database, authority, origins_of(settings), issuers)


@asynccontextmanager
async def _lifespan(
    settings: Settings, database: Database, authority: Authority | None
) -> AsyncIterator[None]:
    async with _worker(settings, database, authority):
        yield
    await database.dispose()


def _worker(
    settings: Settings, database: Database, authority: Authority | None
) -> AbstractAsyncContextManager[None]:
    if authority is None or not settings.worker:
        return nullcontext()
    return Worker(database, jobs.tasks(settings, database, authority)).running()


def _engine(settings: Settings, schema: Any, budgets: Budgets) -> Engine:
    return Engine(
        schema,
        settings.limits,
        tracer=attrgetter("trace"),
        meter=budgets,
        hide_suggestions=not settings.suggests,
    )


def _proxies(settings: Settings) -> list[Middleware]:
    trusted = [str(network) for network in settings.trusted_proxies]
    return [Middleware(ProxyHeadersMiddleware, trusted)] if trusted else []


def _cors(settings: Settings) -> list[Middleware]:
    return [Middleware(Cors, settings.cors_origins)] if settings.cors_origins else []


def _response_headers(settings: Settings) -> Headers:
    if settings.in_development or not settings.origin.startswith("https://"):
        return RESPONSE_HEADERS
    return *RESPONSE_HEADERS, STRICT_TRANSPORT


def _routes(
    settings: Settings,
    database: Database,
    viewers: Viewers | None,
    outbound: Outbound,
    budgets: Budgets,
) -> list[BaseRoute]:
    """All but /graphql."""
    home = [Route("/", _to_graphiql)] if settings.shows_graphiql else []
    identity = (
        [] if viewers is None else _identity_routes(settings, database, viewers, outbound, budgets)
    )
    return [
        *Health(database).routes(),
        *graphiql.routes(settings),
        *identity,
        *home,
    ]


def _identity_routes(
    settings: Settings,
    database: Database,
    viewers: Viewers,
    outbound: Outbound,
    budgets: Budgets,
) -> list[BaseRoute]:
    return [
        *jwks.routes(viewers.authority),
        *passkeys.routes(viewers.authority),
        *sign_in.routes(settings, database, viewers, outbound, budgets.throttle_calls),
    ]


async def _to_graphiql(_request: Request) -> Response:
    """Relative, so that it also holds behind a proxy's path prefix."""
    return RedirectResponse("graphiql")
