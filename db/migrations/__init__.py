"""The schema's versions: bring a database to the newest, and say where it stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from db.errors import ConfigurationError, Unavailable

# Any number, the same in every version: two servers that start at once migrate one after the other.
MIGRATION_LOCK = 0x6D617374


@dataclass(frozen=True, slots=True)
class Status:
    """`current` is None before the first migration; `unknown` when it is none of this code's."""

    current: str | None
    head: str
    pending: tuple[str, ...]
    unknown: bool

    @property
    def up_to_date(self) -> bool:
        return self.current == self.head


def upgrade(url: str, application_role: str | None = None, revision: str = "head") -> list[str]:
    """Migrates the database at `url` (a SQLAlchemy URL of the owner) and returns what was applied.

    `application_role`, when it is not the owner itself, is granted reading and writing of every
    table, and no change of the schema.

    Raises ConfigurationError when the database is newer than this code.
    """
    with _locked(url) as connection:
        before = _status(connection)
        if before.unknown:
            raise ConfigurationError(
                f"the database is at version {before.current}, which this Masthead does not know:"
                " it was migrated by a newer one; run that version, or restore a backup"
            )
        _run(connection, "upgrade", revision)
        left = _status(connection).pending
        if application_role is not None:
            _grant(connection, application_role)
        return [step for step in before.pending if step not in left]


def downgrade(url: str, revision: str) -> None:
    """Takes the database back to `revision` (`base` is before the first)."""
    with _locked(url) as connection:
        _run(connection, "downgrade", revision)


def status(url: str) -> Status:
    """Where the database at `url` stands; changes nothing."""
    with _engine(url).connect() as connection:
        return _status(connection)


async def status_of(connection: AsyncConnection) -> Status:
    """Where the connection's database stands; changes nothing.

    Raises Unavailable when that cannot be read, be it for want of a privilege.
    """
    try:
        return await connection.run_sync(_status)
    except DBAPIError as error:
        raise Unavailable("The schema's version cannot be read.") from error


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made here so that it needs no file and no current directory."""
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def _engine(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})


@contextmanager
def _locked(url: str) -> Iterator[Connection]:
    with _engine(url).connect() as connection:
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.commit()
        yield connection
        connection.commit()


def _run(connection: Connection, direction: str, revision: str) -> None:
    getattr(command, direction)(config(connection), revision)
    connection.commit()


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(config())


def _status(connection: Connection) -> Status:
    scripts = _scripts()
    head = scripts.get_current_head() or ""
    current = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    known = {script.revision for script in scripts.walk_revisions()}
    unknown = current is not None and current not in known
    newer = () if unknown else tuple(scripts.iterate_revisions(head, current or "base"))
    return Status(current, head, tuple(step.revision for step in reversed(newer)), unknown)


def _grant(connection: Connection, role: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote(role)
    for statement in (
        "grant usage on schema public to {role}",
        "grant select, insert, update, delete on all tables in schema public to {role}",
        "revoke insert, update, delete on alembic_version from {role}",
    ):
        connection.execute(text(statement.format(role=quoted)))
