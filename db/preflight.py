"""Before a database is used: can it be reached, is it one that we can use, is it migrated."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, exists, make_url, select, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from db import revisions
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
GRANTED = text("""\
SELECT has_schema_privilege('public', 'usage') AND NOT EXISTS (
    SELECT FROM pg_class, unnest(ARRAY['select', 'insert', 'update', 'delete']) AS privilege
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
      AND (relname NOT IN ('alembic_version', 'published_posts') OR privilege = 'select')
      AND (relname <> 'audit_events' OR privilege IN ('select', 'insert'))
      AND NOT has_table_privilege(oid, privilege)
) AND NOT EXISTS (
    SELECT FROM pg_sequence WHERE NOT has_sequence_privilege(seqrelid, 'usage')
)
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


def is_prepared(owner_url: str, application_url: str) -> bool:
    """Inspects the database under both roles; whether `preparation.prepare` would change nothing.

    Raises ConfigurationError as `inspect` does.
    """
    inspect(owner_url)
    inspect(application_url)
    return status(owner_url).up_to_date and (
        owner_url == application_url or _is_granted(application_url)
    )


def status(url: str) -> revisions.Status:
    """Which migrations the database at `url` has; raises ConfigurationError when it cannot be read."""
    with in_one_line("read", url):
        return revisions.status(url)


def has_publication(url: str) -> bool:
    """Whether the migrated database at `url` holds any publication."""
    with _connection(url) as connection:
        return bool(connection.scalar(select(exists().select_from(Publication))))


def _is_granted(url: str) -> bool:
    """Whether the role of `url` has what `migrations.upgrade` grants: it may be a new one."""
    with _connection(url) as connection:
        return bool(connection.scalar(GRANTED))


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    with in_one_line("connect to", url):
        engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
        with engine.connect() as connection:
            yield connection


@contextmanager
def in_one_line(action: str, url: str) -> Iterator[None]:
    """Raises ConfigurationError for what SQLAlchemy raises in the block, without the password of `url`."""
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
