"""The way to PostgreSQL: connections for reading, transactions for writing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from db.errors import Invalid, Unavailable

# Times come in UTC, and short statements are not worth a just-in-time compilation.
SESSION = "-c timezone=UTC -c jit=off"


class Database:
    """A pool of connections to the database at `url`, a SQLAlchemy URL (`postgresql+psycopg://...`).

    Nothing is connected before the first use. A caller waits `pool_timeout` seconds for a free
    connection.
    """

    def __init__(self, url: str, pool_size: int = 10, pool_timeout: float = 2) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=pool_timeout,
            pool_pre_ping=True,
            connect_args={"options": SESSION, "connect_timeout": 5},
        )
        self._reading = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for statements that only read, each by itself.

        Raises Unavailable when the database cannot be reached or no connection becomes free.
        """
        async with reachable(), self._reading.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed at the end of the block and rolled back by any exception.

        Raises Unavailable when the database cannot be reached or no connection becomes free.
        """
        async with reachable(), self.engine.begin() as connection:
            yield connection

    async def ping(self) -> None:
        """Returns when the database answers; raises Unavailable otherwise, whatever the reason."""
        try:
            async with self.read() as connection:
                await connection.execute(text("select 1"))
        except DBAPIError as error:
            raise Unavailable("The database does not answer as it should.") from error

    async def dispose(self) -> None:
        """Closes every connection."""
        await self.engine.dispose()


@asynccontextmanager
async def reachable() -> AsyncIterator[None]:
    """Tells a database that is away, and a value that cannot be stored, from our own mistakes.

    The driver's own complaints have no SQLSTATE: about data it is that PostgreSQL's text holds neither
    NUL nor half a surrogate pair, about operation that the connection failed.
    """
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("The database is busy: try again.") from error
    except (DataError, UnicodeEncodeError) as error:
        if sqlstate(error) is not None:
            raise
        raise Invalid("A text has a character that cannot be stored.") from error
    except DBAPIError as error:
        if error.connection_invalidated or is_away(sqlstate(error), error):
            raise Unavailable("The database cannot be reached: try again.") from error
        raise


def sqlstate(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def is_away(state: str | None, error: DBAPIError) -> bool:
    """Connection exceptions, too many connections, and a server that stops or starts.

    https://www.postgresql.org/docs/current/errcodes-appendix.html
    """
    if state is None:
        return isinstance(error, (OperationalError, InterfaceError))
    return state.startswith(("08", "57P")) or state == "53300"
