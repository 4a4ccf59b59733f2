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
        async with watch.scope:
            return await work
    except TimeoutError:
        if watch.scope.expired():
            raise ClientDisconnect from None
        raise
    finally:
        watch.end()


class _Watch:
    """Expires `scope` when the client goes away."""

    def __init__(self, receive: Receive) -> None:
        self.scope = asyncio.timeout(None)
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(PATIENCE, self._begin)
        self._task: asyncio.Task[None] | None = None

    def end(self) -> None:
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = self._loop.create_task(self._expire_at_disconnect())

    async def _expire_at_disconnect(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.scope.reschedule(self._loop.time())
