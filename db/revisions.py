"""The schema's revisions, and which of them a database has: known from the migrations' file names.

Alembic knows it too, but costs a server that only asks a fifth of a second and several megabytes.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from db.errors import Unavailable

SCRIPTS = Path(__file__).parent / "migrations" / "versions"
CURRENT = text("select version_num from alembic_version")


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


@cache
def revisions() -> tuple[str, ...]:
    """Every revision of this code, oldest first: what its script's name has before the first `_`."""
    return tuple(sorted(script.stem.partition("_")[0] for script in SCRIPTS.glob("*_*.py")))


def status(url: str) -> Status:
    """Where the database at `url` (a SQLAlchemy URL) stands; changes nothing."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    with engine.connect() as connection:
        return status_on(connection)


async def status_of(connection: AsyncConnection) -> Status:
    """Where the connection's database stands; changes nothing.

    Raises Unavailable when that cannot be read, be it for want of a privilege.
    """
    try:
        return await connection.run_sync(status_on)
    except DBAPIError as error:
        raise Unavailable("The schema's version cannot be read.") from error


def status_on(connection: Connection) -> Status:
    """As `status_of`, but raises SQLAlchemy's own errors. Ends the connection's transaction."""
    migrated = inspect(connection).has_table("alembic_version")
    current = connection.scalar(CURRENT) if migrated else None
    connection.rollback()
    return _status(current)


def _status(current: str | None) -> Status:
    known = revisions()
    unknown = current is not None and current not in known
    done = known.index(current) + 1 if current in known else 0
    return Status(current, known[-1], () if unknown else known[done:], unknown)
