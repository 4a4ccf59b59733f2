"""The connections for reading: few, shared by all requests, one batch each at a time."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from functools import partial
from typing import Any

import psycopg

from db import faults
from db.reading.batch import Batch
from db.reading.connection import Connection
from db.reading.connector import Connector

# A statement's timeout is only worth setting when the request has clearly less time than it.
CLEARLY = 0.9
# Seconds from a deadline until its batch fails whatever the server does, and until the connection is
# given up too.
GRACE = 0.1
SECONDS_TO_DRAIN = 5


class Pool:
    """At most `size` connections, opened when they are needed; a batch waits `patience` seconds for one.

    `statement_timeout` is what the connections have by themselves, in seconds.
    """

    def __init__(
        self, connector: Connector, size: int, patience: float, statement_timeout: float
    ) -> None:
        self._connector = connector
        self._size = size
        self._patience = patience
        self._statement_timeout = statement_timeout
        self._connections: set[Connection] = set()
        self._idle: list[Connection] = []
        self._waiting: deque[Batch] = deque()
        self._opening: set[asyncio.Task[None] | None] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, batch: Batch) -> None:
        """Sends the batch on the connection used last, or on the next that is free."""
        if self._idle:
            self._run(self._idle.pop(), batch)
        else:
            self._wait(batch)

    def abandon(self, batch: Batch) -> None:
        """Takes the batch, for which nobody waits any more, off the server."""
        batch.alarm(None)
        for connection in self._connections:
            if connection.batch is batch and not connection.detached:
                connection.detach()
                self._start(self._recover(connection, batch))

    async def dispose(self) -> None:
        """Closes every connection; whatever still waits fails with Unavailable."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        for connection in list(self._connections):
            if connection.batch is not None:
                connection.batch.fail(faults.away)
            self._drop(connection)
        self._opening.clear()
        self._fail_waiting()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _run(self, connection: Connection, batch: Batch) -> None:
        batch.calls = batch.unanswered()
        settings = dict(self._connector.settings) if self._connector.pooled else {}
        if batch.deadline is None:
            batch.alarm(None)
        else:
            loop = asyncio.get_running_loop()
            left = batch.deadline - loop.time()
            if left < CLEARLY * self._statement_timeout:
                settings["statement_timeout"] = str(max(1, round(left * 1000)))
            batch.alarm(loop.call_at(batch.deadline, self._expire, batch))
        connection.run(batch, settings)

    def _expire(self, batch: Batch) -> None:
        """The cancelled server still sends what it had finished, unless it is out of reach."""
        self.abandon(batch)
        batch.alarm(asyncio.get_running_loop().call_later(GRACE, batch.fail, faults.timeout))

    def _wait(self, batch: Batch) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience
        if batch.deadline is not None and batch.deadline < end:
            batch.alarm(loop.call_at(batch.deadline, batch.fail, faults.timeout))
        else:
            batch.alarm(loop.call_at(end, batch.fail, faults.busy))
        self._waiting.append(batch)
        self._grow()

    def _grow(self) -> None:
        """Opens a connection for a batch that waits, where there is room for one."""
        room = self._size - len(self._connections) - len(self._opening)
        if room > 0 and len(self._opening) < len(self._waiting):
            self._opening.add(self._start(self._open()))

    async def _open(self) -> None:
        try:
            link = await self._connect()
        except psycopg.Error as error:
            if not self._connections and not self._opening:
                self._fail_waiting(error)
        else:
            connection = Connection(
                link, pooled=self._connector.pooled, on_done=self._done, on_lost=self._lost
            )
            self._connections.add(connection)
            self._release(connection)

    async def _connect(self) -> psycopg.AsyncConnection:
        try:
            return await self._connector.connect()
        finally:
            self._opening.discard(asyncio.current_task())

    def _release(self, connection: Connection) -> None:
        """Gives the connection to whoever waits longest."""
        while self._waiting:
            batch = self._waiting.popleft()
            if batch.unanswered():
                self._run(connection, batch)
                return
        self._idle.append(connection)

    def _done(self, connection: Connection, batch: Batch) -> None:
        """What came after a statement that failed was skipped by the server: it is sent again."""
        if batch.unanswered():
            self._run(connection, batch)
        else:
            batch.end()
            self._release(connection)

    def _lost(self, connection: Connection, batch: Batch | None, error: psycopg.Error) -> None:
        """A connection that had worked before may have been dead for long: its batch gets another."""
        self._drop(connection)
        if batch is not None and batch.unanswered():
            if connection.used:
                self._wait(batch)
            else:
                batch.fail(partial(faults.away, error))
        self._grow()

    def _drop(self, connection: Connection) -> None:
        connection.close()
        self._connections.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)

    def _fail_waiting(self, error: psycopg.Error | None = None) -> None:
        while self._waiting:
            self._waiting.popleft().fail(partial(faults.away, error))

    async def _recover(self, connection: Connection, batch: Batch) -> None:
        try:
            async with asyncio.timeout(SECONDS_TO_DRAIN):
                await connection.drain()
        except (psycopg.Error, TimeoutError):
            connection.close()
        batch.fail(faults.timeout)
        if connection.closed:
            self._drop(connection)
            self._grow()
        else:
            self._release(connection)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
