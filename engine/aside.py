"""Work that would keep the event loop from others for milliseconds, done in a thread beside it."""

from asyncio import get_running_loop, timeout_at
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from time import perf_counter, sleep
from typing import Any, Final, TypeVar

from engine.errors import DeadlineExceededError

T = TypeVar("T")

# Characters of a document that is worked on at once, in 2 ms at most; what a thread is lent and given
# back takes 0.1.
LONGEST_AT_ONCE: Final = 200
# Values in variables that are coerced at once.
MOST_AT_ONCE: Final = 100

# Seconds that the thread works without a look at whether others are at work, that it waits for them
# then at most, between two looks meanwhile, and in all for one piece of work.
TURN: Final = 0.0005
PATIENCE: Final = 0.002
NAP: Final = 0.0002
LENIENCE: Final = 0.05


class Aside:
    """One thread: several would take turns with the event loop, each for as long as it may."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "engine")
        self._turn_ends = 0.0
        self._lenience = 0.0
        self.running = 0
        """Operations that are being executed on the event loop."""

    def _begin(self, work: Callable[[], T]) -> T:
        self._lenience = LENIENCE
        return work()

    def give_way(self) -> None:
        """Waits for operations at work, for a while; work in the thread calls it often.

        The interpreter lends itself to one at a time, and takes a while to change hands: at each step of
        theirs, operations would wait for the thread.
        """
        began = perf_counter()
        if began < self._turn_ends:
            return
        until = began + min(PATIENCE, self._lenience)
        while self.running and perf_counter() < until:
            sleep(NAP)
        now = perf_counter()
        self._lenience -= now - began
        self._turn_ends = now + TURN

    async def __call__(self, work: Callable[[], T], deadline: float | None = None) -> T:
        """What the work gives, or raises, in this task's context; DeadlineExceededError at the deadline."""
        run = copy_context().run
        try:
            async with timeout_at(deadline):
                return await get_running_loop().run_in_executor(
                    self._thread, run, self._begin, work
                )
        except TimeoutError:
            raise DeadlineExceededError from None


def are_many(variables: dict[str, Any]) -> bool:
    """Whether it takes long to coerce these raw variables."""
    count = 0
    stack: list[Any] = [variables]
    while stack:
        container = stack.pop()
        count += len(container)
        if count > MOST_AT_ONCE:
            return True
        inner = container.values() if isinstance(container, dict) else container
        stack += [each for each in inner if isinstance(each, (dict, list))]
    return False
