"""What travels together: calls of statements, each of them a future."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import Any

from db.reading.statement import Statement

Rows = list[tuple[Any, ...]]

Observer = Callable[[Sequence["Call"]], None]
"""Called with calls that travel together, when they go out; each says later how it ended."""


class Call(asyncio.Future[Rows]):
    """One execution of a statement, and the future of its rows.

    `seconds` is the time from sending its batch to its answer, None without one.
    """

    __slots__ = ("batch", "parameters", "renewed", "seconds", "statement")

    def __init__(self, loop: asyncio.AbstractEventLoop, statement: Statement) -> None:
        super().__init__(loop=loop)
        self.statement = statement
        self.parameters: Sequence[bytes | None] = ()
        self.batch: Batch | None = None
        self.renewed = False
        self.seconds: float | None = None

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
    """Calls that travel together with their `settings`, to be answered by `deadline` on the loop's clock.

    `due` is when the pool must look after the batch. `abandon` is told when nobody waits for it any
    more.
    """

    __slots__ = ("abandon", "calls", "deadline", "due", "settings")

    def __init__(
        self,
        calls: list[Call],
        deadline: float,
        abandon: Callable[["Batch"], None],
        settings: Mapping[str, str],
    ) -> None:
        self.settings = settings
        self.calls = calls
        self.deadline = deadline
        self.due = inf
        self.abandon = abandon
        for call in calls:
            call.batch = self

    @property
    def is_answered(self) -> bool:
        """Whether nothing of it is left to be done."""
        return all(map(Call.done, self.calls))

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
        if self.is_answered:
            self.abandon(self)
