"""Work that would keep the event loop from others for milliseconds, done in a thread beside it."""

from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

T = TypeVar("T")

# Characters of a document that is worked on at once, in 2 ms at most; what a thread is lent and given
# back takes 0.1.
LONGEST_AT_ONCE: Final = 200
# Values in variables that are coerced at once.
MOST_AT_ONCE: Final = 100


class Aside:
    """One thread: several would take turns with the event loop, each for as long as it may."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "engine")

    async def __call__(self, work: Callable[[], T]) -> T:
        """What the work gives, or raises."""
        return await get_running_loop().run_in_executor(self._thread, work)


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
