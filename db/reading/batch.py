"""What travels together: calls of statements, each of them a future."""

import asyncio
from collections.abc import Callable, Sequence
from math import inf
from typing import Any

from db.reading.statement import Statement

Rows = list[tuple[Any, ...]]

Observer = Callable[[Statement, float, int], None]
"""Called with a statement, the seconds from sending its batch to its answer, and its number of rows.

That is before anybody has the answer; what it raises is the statement's failure.
"""


class Call(asyncio.Future[Rows]):
    """One execution of a statement, and the future of its rows."""

    __slots__ = ("batch", "parameters", "renewed", "statement")

    def __init__(self, loop: asyncio.AbstractEventLoop, statement: Statement) -> None:
        super().__init__(loop=loop)
        self.statement = statement
        self.parameters: Sequence[bytes | None] = ()
        self.batch: Batch | None = None
        self.renewed = False

    def cancel(self, msg: Any = None) -> bool:
        cancelled = super().cancel(msg)
        if cancelled and self.batch is not None:
            self.batch.forsake()
        return cancelled

    def fail(self, error: BaseException) -> None:
        """Fails the call unless it is done; that nobody asks for the error is no fault."""
        if not self.done():
            self.set_exception(error)
            self.exception()


class Batch:
    """Calls that travel together, and the loop's time by which they must be answered.

    `due` is when the pool must look after the batch, `sent` when it was sent. `abandon` is told when
    nobody waits for it any more.
    """

    __slots__ = ("abandon", "calls", "deadline", "due", "observer", "sent")

    def __init__(
        self,
        calls: list[Call],
        deadline: float,
        observer: Observer | None,
        abandon: Callable[["Batch"], None],
    ) -> None:
        self.calls = calls
        self.deadline = deadline
        self.due = inf
        self.observer = observer
        self.abandon = abandon
        self.sent = 0.0
        for call in calls:
            call.batch = self

    def unanswered(self) -> list[Call]:
        return [call for call in self.calls if not call.done()]

    def fail(self, error: Callable[[], BaseException]) -> None:
        for call in self.calls:
            call.fail(error())
        self.end()

    def end(self) -> None:
        """Lets go of the calls, which know their batch: nothing is left to the garbage collector."""
        self.calls = []
        self.due = inf

    def forsake(self) -> None:
        if not self.unanswered():
            self.abandon(self)
