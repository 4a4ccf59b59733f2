"""The way to PostgreSQL: connections for reading, transactions for writing."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from math import inf
from typing import Any

from sqlalchemy import Select, func, make_url, select, text
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from db import faults
from db.errors import Unavailable
from db.reading import Connector, Observer, Pool, Reads
from db.security import ALL_ROWS, SYSTEM, Asker, settings_of

# Times come in UTC, and short statements are not worth a just-in-time compilation.
SESSION = {"timezone": "UTC", "jit": "off"}
# Connections for anything but a request's reads are the server's own.
OWN = SESSION | ALL_ROWS


def local(settings: Mapping[str, str]) -> Select[Any]:
    """Sets the settings up to the end of the transaction."""
    return select(*(func.set_config(name, value, True) for name, value in settings.items()))


SETTLE = local(OWN)


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
        self._connector = Connector(arguments, OWN)
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

    def reads(
        self,
        deadline: float | None = None,
        observer: Observer | None = None,
        asker: Asker = None,
    ) -> Reads:
        """What one request reads, answered by `deadline` on the running loop's clock.

        The observer is called for what travels together. PostgreSQL shows the rows that the asker may
        see, so the public's where nobody is named.
        """
        until = inf if deadline is None else deadline
        return Reads(self._pool, until, observer, settings_of(asker))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for statements of the server's own that only read, each by itself.

        They see every row.

        Raises Unavailable when the database cannot be reached or no connection becomes free.
        """
        async with reachable(), self.engine.connect() as connection:
            if self._connector.pooled:
                await connection.execute(SETTLE)
            else:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection

    @asynccontextmanager
    async def write(self, asker: Asker = SYSTEM) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed at the end of the block and rolled back by any exception.

        PostgreSQL lets it see and write the rows that the asker may. Without one it is an act of the
        server itself, which answers for what it does to whose rows.

        Raises Unavailable when the database cannot be reached or no connection becomes free.
        """
        async with reachable(), self.engine.begin() as connection:
            if self._connector.pooled:
                await connection.execute(SETTLE)
            if asker is not SYSTEM:
                await connection.execute(local({"masthead.system": "off", **settings_of(asker)}))
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
