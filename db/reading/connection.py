"""One connection in libpq's pipeline mode: a batch out, its answers in.

https://www.postgresql.org/docs/current/libpq-pipeline-mode.html
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

from psycopg import AsyncConnection, Error, OperationalError, errors
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from db import faults
from db.reading.batch import Batch, Call
from db.reading.prepared import Prepared, name_of
from db.reading.statement import Statement, local

PREPARED_STATEMENTS = 256

# Plain numbers, for they are compared for every answer.
SUCCESS = (int(ExecStatus.TUPLES_OK), int(ExecStatus.COMMAND_OK))
SYNC, ABORTED = int(ExecStatus.PIPELINE_SYNC), int(ExecStatus.PIPELINE_ABORTED)

# What a statement prepared earlier may meet: its tables have changed, or it is not there any more.
STALE = {"0A000", "26000"}

# What the server answers next: for which call (None: settings), by which prepared statement, and
# whether that is the answer itself rather than the preparation of it.
Step = tuple[Call | None, Prepared, bool]


class Connection:
    """Runs one batch at a time. Its owner hears `on_done` after a batch and `on_lost` at the end."""

    def __init__(
        self,
        link: AsyncConnection,
        *,
        pooled: bool,
        on_done: Callable[["Connection", Batch], None],
        on_lost: Callable[["Connection", Batch | None, Error], None],
    ) -> None:
        self.batch: Batch | None = None
        self.used = False
        self.closed = False
        self._sent = 0.0
        self._link = link
        self._pgconn = link.pgconn
        self._pgconn.enter_pipeline_mode()
        self._socket = self._pgconn.socket
        self._pooled = pooled
        self._on_done = on_done
        self._on_lost = on_lost
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._steps: deque[Step] = deque()
        self._drained: asyncio.Future[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._readable)

    @property
    def detached(self) -> bool:
        return self._drained is not None

    def run(self, batch: Batch, settings: Mapping[str, str]) -> None:
        """Sends the unanswered calls of the batch, with the settings for its time."""
        self.batch = batch
        self._sent = perf_counter()
        try:
            if settings:
                self._send(None, *local(settings))
            for call in batch.calls:
                self._send(call, call.statement, call.parameters)
            self._pgconn.pipeline_sync()
            self._flush()
        except OperationalError as error:
            self._lose(error)

    def detach(self) -> None:
        """Takes the connection out of its owner's hands, who hears nothing more of the batch."""
        self._drained = self._loop.create_future()

    async def drain(self) -> None:
        """Ends the detached batch on the server, and returns when its last answer has been read.

        Afterwards the connection is as before, or closed. Raises psycopg.Error.
        """
        if self._drained is not None:
            await self._link.cancel_safe()
            await self._drained
            self._drained = None

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._pgconn.finish()

    def _send(
        self, call: Call | None, statement: Statement, parameters: Sequence[bytes | None]
    ) -> None:
        prepared = self._prepared.get(statement.sql)
        if prepared is None:
            prepared = self._prepare(call, statement.sql)
        else:
            self._prepared.move_to_end(statement.sql)
        self._pgconn.send_query_prepared(prepared.name, parameters)
        self._steps.append((call, prepared, True))

    def _prepare(self, call: Call | None, sql: str) -> Prepared:
        """Closing comes first, which is no error for an unknown name: we may have lost track of it."""
        if self._pooled:
            prepared = Prepared(sql, b"")
        else:
            prepared = self._prepared[sql] = Prepared(sql, name_of(sql))
            self._close_statement(call, prepared)
            if len(self._prepared) > PREPARED_STATEMENTS:
                _, oldest = self._prepared.popitem(last=False)
                self._close_statement(call, oldest)
        self._pgconn.send_prepare(prepared.name, sql.encode())
        self._steps.append((call, prepared, False))
        return prepared

    def _close_statement(self, call: Call | None, prepared: Prepared) -> None:
        self._pgconn.send_close_prepared(prepared.name)
        self._steps.append((call, prepared, False))

    def _flush(self) -> None:
        if self._pgconn.flush():
            self._loop.add_writer(self._socket, self._writable)

    def _writable(self) -> None:
        try:
            if not self._pgconn.flush():
                self._loop.remove_writer(self._socket)
        except OperationalError as error:
            self._lose(error)

    def _readable(self) -> None:
        try:
            self._read()
        except OperationalError as error:
            self._lose(error)

    def _read(self) -> None:
        pgconn = self._pgconn
        pgconn.consume_input()
        while not pgconn.is_busy():
            result = pgconn.get_result()
            if result is None:
                return
            if result.status == SYNC:
                self._finish()
                return
            self._take(result)
            pgconn.get_result()  # the end of this statement's results

    def _take(self, result: PGresult) -> None:
        call, prepared, answers = self._steps.popleft()
        status = result.status
        if status in SUCCESS:
            if answers and call is not None and not call.done():
                self._answer(call, prepared, result)
        else:
            self._forget(prepared)
            if status != ABORTED:
                self._fail(call, errors.error_from_result(result))

    def _answer(self, call: Call, prepared: Prepared, result: PGresult) -> None:
        try:
            rows = prepared.rows(result)
        except Exception as error:
            call.fail(error)
        else:
            call.seconds = perf_counter() - self._sent
            call.set_result(rows)

    def _fail(self, call: Call | None, error: errors.Error) -> None:
        state = error.sqlstate
        if (error.diag.severity_nonlocalized or error.diag.severity) != "ERROR":
            raise OperationalError from error
        if call is None:
            self._refuse(error)
        elif state in STALE and not call.renewed:
            call.renewed = True
        else:
            call.fail(told(error))

    def _refuse(self, error: errors.Error) -> None:
        """Without its settings a batch must not run."""
        if self.batch is not None:
            self.batch.fail(lambda: told(error))

    def _forget(self, prepared: Prepared) -> None:
        """What failed, or came after a failure, is prepared anew when it is next asked for."""
        if self._prepared.get(prepared.sql) is prepared:
            del self._prepared[prepared.sql]

    def _finish(self) -> None:
        batch, self.batch, self.used = self.batch, None, True
        if self._drained is not None:
            self._drained.set_result(None)
        elif batch is not None:
            self._on_done(self, batch)

    def _lose(self, error: Error) -> None:
        self.close()
        batch, self.batch = self.batch, None
        if self._drained is None:
            self._on_lost(self, batch, error)
        elif not self._drained.done():
            self._drained.set_result(None)


def told(error: errors.Error) -> Exception:
    """What a caller learns of a statement's error: a statement is cancelled when its time is over."""
    return faults.timeout() if error.sqlstate == faults.QUERY_CANCELED else error
