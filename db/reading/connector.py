"""Opening connections that have our settings, whatever stands between us and the server.

A pooler (PgBouncer in transaction mode) gives every transaction another server connection: neither
settings nor prepared statements outlive one there, and the startup parameter `options` is refused.
https://www.pgbouncer.org/features.html
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from psycopg import AsyncConnection, OperationalError
from psycopg.errors import ConnectionTimeout

CONNECT_TIMEOUT = 5
REFUSED = "unsupported startup parameter"


class Connector:
    """Opens connections by libpq's `arguments` and with the `settings`.

    Once `pooled` is true, a connection has no settings and each transaction must begin with them.
    """

    def __init__(self, arguments: Mapping[str, Any], settings: Mapping[str, str]) -> None:
        self.settings = settings
        self.pooled = False
        self._arguments = {
            "connect_timeout": CONNECT_TIMEOUT,
            **arguments,
            "client_encoding": "utf8",
        }
        options = (f"-c {name}={value}" for name, value in settings.items())
        self._options = " ".join([str(arguments.get("options", "")), *options]).strip()

    async def connect(self) -> AsyncConnection:
        """A connection outside of a transaction; raises psycopg.OperationalError."""
        connection = await self._open()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                self.pooled = self.pooled or await _is_pooled(connection)
        except BaseException as error:
            await connection.close()
            if isinstance(error, TimeoutError):
                raise ConnectionTimeout("the server does not answer") from error
            raise
        if self.pooled:
            connection.prepare_threshold = None
        await connection.set_autocommit(False)
        return connection

    async def _open(self) -> AsyncConnection:
        if not self.pooled:
            try:
                return await self._attempt(options=self._options)
            except OperationalError as error:
                if REFUSED not in str(error):
                    raise
                self.pooled = True
        return await self._attempt()

    async def _attempt(self, **options: str) -> AsyncConnection:
        return await AsyncConnection.connect(autocommit=True, **self._arguments | options)


async def _is_pooled(connection: AsyncConnection) -> bool:
    """A pooler invents the process id that it tells its clients."""
    cursor = await connection.execute("select pg_backend_pid()")
    return await cursor.fetchone() != (connection.info.backend_pid,)
