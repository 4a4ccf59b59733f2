"""Before a database is used: can it be reached, is it one that we can use, is it migrated."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, exists, make_url, select, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from db import migrations
from db.errors import ConfigurationError
from db.models.publication import Publication

OLDEST_MAJOR = 15

DESCRIBE = text("""\
SELECT current_setting('server_version_num')::int / 10000 AS major,
       split_part(current_setting('server_version'), ' ', 1) AS version,
       current_setting('server_encoding') AS encoding,
       rolname AS role, rolsuper AS superuser, rolbypassrls AS bypasses_rls
FROM pg_roles WHERE rolname = current_user
""")


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server, and the role that a URL gives us there."""

    major: int
    version: str
    encoding: str
    role: str
    superuser: bool
    bypasses_rls: bool


def inspect(url: str) -> Server:
    """Connects to `url` (a SQLAlchemy URL) and looks.

    Raises ConfigurationError: it cannot be reached, is older than PostgreSQL 15 or not in UTF-8. The
    message never holds a password.
    """
    with _connection(url) as connection:
        server = Server(**connection.execute(DESCRIBE).mappings().one())
    if server.major < OLDEST_MAJOR:
        raise ConfigurationError(
            f"the database runs on PostgreSQL {server.version}, and Masthead needs"
            f" {OLDEST_MAJOR} or newer"
        )
    if server.encoding != "UTF8":
        raise ConfigurationError(
            f"the database is in {server.encoding}: make one with ENCODING 'UTF8' TEMPLATE template0"
        )
    return server


def prepare(owner_url: str, application_url: str) -> list[str]:
    """Inspects the database under both roles, migrates it and returns the revisions applied.

    Raises ConfigurationError as `inspect` and `migrations.upgrade` do.
    """
    inspect(owner_url)
    role = inspect(application_url).role
    with _in_one_line("migrate", owner_url):
        return migrations.upgrade(owner_url, None if owner_url == application_url else role)


def status(url: str) -> migrations.Status:
    """Which migrations the database at `url` has; raises ConfigurationError when it cannot be read."""
    with _in_one_line("read", url):
        return migrations.status(url)


def has_publication(url: str) -> bool:
    """Whether the migrated database at `url` holds any publication."""
    with _connection(url) as connection:
        return bool(connection.scalar(select(exists().select_from(Publication))))


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    with _in_one_line("connect to", url):
        engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
        with engine.connect() as connection:
            yield connection


@contextmanager
def _in_one_line(action: str, url: str) -> Iterator[None]:
    try:
        yield
    except (ArgumentError, ValueError):
        raise ConfigurationError(
            "the database's URL cannot be read: it must be"
            " postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE, special characters as %40 for @"
        ) from None
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        raise ConfigurationError(
            f"cannot {action} {_place(url)}: {reason.removeprefix('connection failed: ')}"
        ) from None


def _place(url: str) -> str:
    """Where a URL leads, without its password and parameters, one of which may be a password, too."""
    return make_url(url).set(query={}).render_as_string()
