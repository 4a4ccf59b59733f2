"""What one request reads."""

import asyncio
from collections.abc import Mapping, Sequence

from db.errors import Invalid
from db.reading.batch import Batch, Call, Observer, Rows
from db.reading.pool import Pool
from db.reading.statement import Statement, encoded


class Reads:
    """The statements of one request, by its `deadline` on the loop's clock; cheap to make.

    The `settings` hold for them and for nothing after them.
    """

    __slots__ = ("_calls", "_deadline", "_loop", "_observer", "_pool", "_settings")

    def __init__(
        self,
        pool: Pool,
        deadline: float,
        observer: Observer | None,
        settings: Mapping[str, str],
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._deadline = deadline
        self._observer = observer
        self._loop = asyncio.get_running_loop()
        self._calls: list[Call] = []

    def fetch(self, statement: Statement, parameters: Sequence[str | None]) -> asyncio.Future[Rows]:
        """The rows, to be awaited; what is fetched in one tick of the loop travels together.

        Fails with Invalid (a parameter that no text can hold), Timeout, Unavailable, or psycopg's
        error about the statement, each statement with its own.
        """
        call = Call(self._loop, statement)
        try:
            call.parameters = encoded(parameters)
        except Invalid as error:
            call.fail(error)
            return call
        if not self._calls:
            self._loop.call_soon(self._send)
        self._calls.append(call)
        return call

    def _send(self) -> None:
        calls, self._calls = self._calls, []
        batch = Batch(calls, self._deadline, self._pool.abandon, self._settings)
        if not batch.is_answered:
            self._pool.submit(batch)
        if self._observer is not None:
            self._observer(calls)
