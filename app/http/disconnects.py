"""Clients that go away before their answer."""

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

# In seconds. Most work is done before; to look at once would cost each request a task of its own.
PATIENCE: Final = 0.05

Result = TypeVar("Result")


async def unless_disconnected(receive: Receive, work: Awaitable[Result]) -> Result:
    """`work`'s result; cancels it and raises ClientDisconnect when the client goes away first.

    Looks for that from PATIENCE on, and takes whatever else comes from `receive`: read the body before.
    """
    watch = _Watch(receive)
    try:
        return await work
    except asyncio.CancelledError:
        if watch.has_cancelled():
            raise ClientDisconnect from None
        raise
    finally:
        watch.end()


class _Watch:
    """Cancels the current task when the client goes away."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(PATIENCE, self._begin)
        self._watched = asyncio.current_task(self._loop)
        self._task: asyncio.Task[None] | None = None
        self._gone = False

    def has_cancelled(self) -> bool:
        """Whether the client's going is all that the task was cancelled for."""
        return self._gone and self._watched is not None and self._watched.uncancel() == 0

    def end(self) -> None:
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = self._loop.create_task(self._cancel_at_disconnect())

    async def _cancel_at_disconnect(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if self._watched is not None:
            self._gone = self._watched.cancel()
