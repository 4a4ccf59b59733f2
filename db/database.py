"""The way to PostgreSQL: connections for reading, transactions for writing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf

from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from db import faults
from db.errors import Unavailable
from db.reading import Connector, Observer, Pool, Reads

# Times come in UTC, and short statements are not worth a just-in-time compilation.
SESSION = {"timezone": "UTC", "jit": "off"}
SETTLE = select(*(func.set_config(name, value, True) for name, value in SESSION.items()))


class Database:
    """The database at `url`, a SQLAlchemy URL (`postgresql+psycopg://...`).

    Nothing is connected before the first use. Reads and transactions have `pool_size` connections
    each; a caller waits `pool_timeout` seconds for a free one. A statement of `reads` may take
    `statement_timeout` seconds.
    """

    def __init__(
        self,
        url: str,
        pool_size: int = 10,
        pool_timeout: float = 2,
        statement_timeout: float = 10,
    ) -> None:
        _, arguments = make_url(url).get_dialect()().create_connect_args(make_url(url))
        self._connector = Connector(arguments, SESSION)
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=pool_timeout,
            pool_pre_ping=True,
            async_creator=self._connector.connect,
        )
        limit = {"statement_timeout": str(round(statement_timeout * 1000))}
        reading = Connector(arguments, SESSION | limit)
        self._pool = Pool(reading, pool_size, pool_timeout, statement_timeout)

    def reads(self, deadline: float | None = None, observer: Observer | None = None) -> Reads:
        """What one request reads, answered by `deadline` on the running loop's clock.

        The observer is called for what travels together.
        """
        return Reads(self._pool, inf if deadline is None else deadline, observer)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for statements that only read, each by itself.

        Raises Unavailable when the database cannot be reached or no connection becomes free.
        """
        async with reachable(), self.engine.connect() as connection:
            if self._connector.pooled:
                await connection.execute(SETTLE)
            else:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed at the end of the block and rolled back by any exception.

        Raises Unavailable when the database cannot be reached or no connection becomes free.
        """
        async with reachable(), self.engine.begin() as connection:
            if self._connector.pooled:
                await connection.execute(SETTLE)
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
        await self._pool.dispose()
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
        raise faults.busy() from error
    except (DataError, UnicodeEncodeError) as error:
        if sqlstate(error) is not None:
            raise
        raise faults.unstorable() from error
    except DBAPIError as error:
        if error.connection_invalidated or is_away(sqlstate(error), error):
            raise faults.away() from error
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
