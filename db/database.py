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

    Nothing is connected before the first use. A caller waits two seconds for a free connection.
    """

    def __init__(self, url: str, pool_size: int = 10) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=2,
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
        """Returns when the database answers; raises Unavailable otherwise."""
        async with self.read() as connection:
            await connection.execute(text("select 1"))

    async def dispose(self) -> None:
        """Closes every connection."""
        await self.engine.dispose()


@asynccontextmanager
async def reachable() -> AsyncIterator[None]:
    """Tells a database that is away, and a value that the driver cannot send, from our own mistakes.

    A server's complaint about data has an SQLSTATE, the driver's has none: PostgreSQL's text holds
    neither NUL nor half a surrogate pair.
    """
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("The database is busy: try again.") from error
    except (DataError, UnicodeEncodeError) as error:
        if getattr(error.__cause__, "sqlstate", None) is not None:
            raise
        raise Invalid("A text has a character that cannot be stored.") from error
    except DBAPIError as error:
        if error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError)):
            raise Unavailable("The database cannot be reached: try again.") from error
        raise
