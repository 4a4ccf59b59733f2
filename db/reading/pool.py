"""The connections for reading: few, shared by all requests, one batch each at a time."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from functools import partial
from math import inf
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
        self._wakes = inf
        self._timer: asyncio.TimerHandle | None = None
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
        for connection in self._connections:
            if connection.batch is batch and not connection.detached:
                self._cancel(connection, batch)

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
        self._sleep(inf)
        await asyncio.gather(*tasks, return_exceptions=True)

    def _run(self, connection: Connection, batch: Batch) -> None:
        batch.calls = batch.unanswered()
        settings = dict(batch.settings)
        if self._connector.pooled:
            settings |= self._connector.settings
        if batch.deadline < inf:
            left = batch.deadline - asyncio.get_running_loop().time()
            if left < CLEARLY * self._statement_timeout:
                settings["statement_timeout"] = str(max(1, round(left * 1000)))
            self._watch(batch, batch.deadline)
        connection.run(batch, settings)

    def _wait(self, batch: Batch) -> None:
        patience = asyncio.get_running_loop().time() + self._patience
        self._watch(batch, min(patience, batch.deadline))
        self._waiting.append(batch)
        self._grow()

    def _watch(self, batch: Batch, due: float) -> None:
        """There is one timer for all, so that a batch costs none."""
        batch.due = due
        if due < self._wakes:
            self._sleep(due)

    def _sleep(self, until: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_at(until, self._wake) if until < inf else None
        self._wakes = until

    def _wake(self) -> None:
        now = asyncio.get_running_loop().time()
        for batch in self._waiting:
            if batch.due <= now:
                batch.fail(faults.timeout if batch.deadline <= now else faults.busy)
        running = {each: each.batch for each in self._connections if each.batch is not None}
        for connection, batch in running.items():
            if batch.due <= now:
                self._expire(connection, batch, now)
        self._sleep(min([batch.due for batch in (*self._waiting, *running.values())], default=inf))

    def _expire(self, connection: Connection, batch: Batch, now: float) -> None:
        """A cancelled server still sends what it had finished, unless it is out of reach."""
        if connection.detached:
            batch.fail(faults.timeout)
        else:
            batch.due = now + GRACE
            self._cancel(connection, batch)

    def _cancel(self, connection: Connection, batch: Batch) -> None:
        connection.detach()
        self._start(self._recover(connection, batch))

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
            if not batch.is_answered:
                self._run(connection, batch)
                return
        self._idle.append(connection)

    def _done(self, connection: Connection, batch: Batch) -> None:
        """What came after a statement that failed was skipped by the server: it is sent again."""
        if batch.is_answered:
            batch.end()
            self._release(connection)
        else:
            self._run(connection, batch)

    def _lost(self, connection: Connection, batch: Batch | None, error: psycopg.Error) -> None:
        """A connection that had worked before may have been dead for long: its batch gets another."""
        self._drop(connection)
        if batch is not None and not batch.is_answered:
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
