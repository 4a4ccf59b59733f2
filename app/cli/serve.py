"""`masthead serve`: from an empty machine to a server that answers."""

import json
import signal
import sys
from dataclasses import asdict

import structlog
import uvicorn

from app import observability
from app.children import run_module
from app.cli.terminal import output
from app.deployment import Addresses, authority_of, database_of, listen
from app.http.connections import patient_for
from app.main import create_app
from app.profiles import exceptions_of, require_fit
from app.settings import Settings, load
from app.tuning import tune
from db import preflight
from db.database import Database
from db.errors import ConfigurationError

# Seconds that requests under way at a stop may take to end.
GRACE = 5


def serve() -> None:
    """Serve GraphQL on HOST and PORT, from DATABASE_URL or from an embedded PostgreSQL."""
    settings = load()
    require_fit(settings)
    observability.configure(settings.log_level, settings.log_format)
    _warn(settings)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _unwind)
    # Listening first: a port that is taken shows at once, and not after the slow part.
    with listen(settings.host, settings.port) as listener, database_of(settings) as addresses:
        _prepare(addresses)
        database = Database(addresses.application, statement_timeout=settings.request_timeout)
        app = create_app(settings, database, authority_of(settings, database))
        config = uvicorn.Config(
            app,
            http=patient_for(settings.client_timeout),
            log_config=None,
            access_log=False,
            server_header=False,
            # Which proxies to believe is a setting of ours.
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE,
        )
        _announce(settings, listener.getsockname()[1])
        tune()
        uvicorn.Server(config).run(sockets=[listener])


def _warn(settings: Settings) -> None:
    for exception in exceptions_of(settings):
        structlog.get_logger(__name__).warning("unusual in production", setting=exception)


def _unwind(_number: int, _frame: object) -> None:
    """Leaves every block in order, so that an embedded database has stopped before we have."""
    raise SystemExit(0)


def _prepare(addresses: Addresses) -> None:
    """Returns when the database is migrated and holds a publication; SystemExit when that fails."""
    migrated = preflight.is_prepared(addresses.owner, addresses.application)
    if migrated and preflight.has_publication(addresses.application):
        return
    ended = run_module("app.cli", "prepare", given=json.dumps(asdict(addresses)))
    if ended < 0:
        raise ConfigurationError(f"preparing the database was ended by signal {-ended}")
    if ended:
        sys.exit(1)


def _announce(settings: Settings, port: int) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    base = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    output.print(f"GraphQL   {base}/graphql")
    if settings.shows_graphiql:
        output.print(f"GraphiQL  {base}/graphiql")
    output.print(f"Health    {base}/health/ready")
