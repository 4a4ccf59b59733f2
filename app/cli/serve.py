"""`masthead serve`: from an empty machine to a server that answers."""

import gc
import logging
import signal

import uvicorn

from app import observability
from app.cli.importing import import_sample
from app.cli.terminal import output, progress
from app.deployment import Addresses, database_of, listen
from app.main import create_app
from app.settings import Settings, load
from db import preflight
from db.database import Database

# Seconds that requests under way at a stop may take to end.
GRACE = 5
# How many more objects than before there must be for a garbage collection.
YOUNG = 10_000


def serve() -> None:
    """Serve GraphQL on HOST and PORT, from DATABASE_URL or from an embedded PostgreSQL."""
    settings = load()
    observability.configure(settings.log_level, settings.log_format)
    # It tells of itself at every start; what it has done, we say.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _unwind)
    # Listening first: a port that is taken shows at once, and not after the slow part.
    with listen(settings.host, settings.port) as listener, database_of(settings) as addresses:
        _prepare(addresses)
        database = Database(addresses.application, statement_timeout=settings.request_timeout)
        app = create_app(settings, database)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, timeout_graceful_shutdown=GRACE
        )
        _announce(settings, listener.getsockname()[1])
        _spare_the_collector()
        uvicorn.Server(config).run(sockets=[listener])


def _spare_the_collector() -> None:
    """A garbage collection goes through nothing that is here to stay, and comes seldom.

    Requests leave no cycles behind, so what it would find is next to nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


def _unwind(_number: int, _frame: object) -> None:
    """Leaves every block in order, so that an embedded database has stopped before we have."""
    raise SystemExit(0)


def _prepare(addresses: Addresses) -> None:
    for revision in preflight.prepare(addresses.owner, addresses.application):
        progress(f"Migrated the database: {revision}")
    if not preflight.has_publication(addresses.application):
        progress("Importing the sample publication")
        import_sample(addresses.application)


def _announce(settings: Settings, port: int) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    base = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    output.print(f"GraphQL   {base}/graphql")
    if settings.graphiql:
        output.print(f"GraphiQL  {base}/graphiql")
    output.print(f"Health    {base}/health/ready")
