"""Alembic: bring a database to the newest revision of the schema, or back to an older one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from db.errors import ConfigurationError
from db.revisions import status_on

# Any number, the same in every version: two servers that start at once migrate one after the other.
MIGRATION_LOCK = 0x6D617374


def upgrade(url: str, application_role: str | None = None, revision: str = "head") -> list[str]:
    """Migrates the database at `url` (a SQLAlchemy URL of the owner) and returns what was applied.

    `application_role`, when it is not the owner itself, is granted reading and writing of every
    table, and no change of the schema.

    Raises ConfigurationError when the database is newer than this code.
    """
    with _locked(url) as connection:
        before = status_on(connection)
        if before.unknown:
            raise ConfigurationError(
                f"the database is at version {before.current}, which this Masthead does not know:"
                " it was migrated by a newer one; run that version, or restore a backup"
            )
        _run(connection, "upgrade", revision)
        left = status_on(connection).pending
        if application_role is not None:
            _grant(connection, application_role)
        return [step for step in before.pending if step not in left]


def downgrade(url: str, revision: str) -> None:
    """Takes the database back to `revision` (`base` is before the first)."""
    with _locked(url) as connection:
        _run(connection, "downgrade", revision)


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made here so that it needs no file and no current directory."""
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


@contextmanager
def _locked(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.commit()
        yield connection
        connection.commit()


def _run(connection: Connection, direction: str, revision: str) -> None:
    getattr(command, direction)(config(connection), revision)
    connection.commit()


def _grant(connection: Connection, role: str) -> None:
    """What the application may do; `preflight` looks whether it does."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    for statement in (
        "grant usage on schema public to {role}",
        "grant select, insert, update, delete on all tables in schema public to {role}",
        "grant usage, select on all sequences in schema public to {role}",
        "revoke insert, update, delete on alembic_version from {role}",
        # It is its owner's, whom no row-level security binds.
        "revoke insert, update, delete on published_posts from {role}",
        # What has been logged stays.
        "revoke update, delete on audit_events from {role}",
    ):
        connection.execute(text(statement.format(role=quoted)))
