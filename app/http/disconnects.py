"""Clients that go away before their answer."""

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

# In seconds. Most work is done before; to look at once would cost each request a task of its own.
PATIENCE: Final = 0.05

Result = TypeVar("Result")


class Disconnects:
    """Looks whether the clients of slow work are still there.

    One timer serves all requests: a timer of its own would add to the cost of each. Belongs to one event
    loop.
    """

    def __init__(self) -> None:
        self._unwatched: set[_Watch] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def unless_gone(self, receive: Receive, work: Awaitable[Result]) -> Result:
        """`work`'s result; cancels it and raises ClientDisconnect when the client goes away first.

        Looks for that after PATIENCE at the latest, and takes whatever else comes from `receive`:
        read the body before.
        """
        watch = self._watch(receive)
        try:
            async with watch.scope:
                return await work
        except TimeoutError:
            if watch.scope.expired():
                raise ClientDisconnect from None
            raise
        finally:
            self._unwatched.discard(watch)
            watch.end()

    def _watch(self, receive: Receive) -> "_Watch":
        watch = _Watch(receive)
        self._unwatched.add(watch)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PATIENCE, self._begin)
        return watch

    def _begin(self) -> None:
        self._timer = None
        for watch in self._unwatched:
            watch.begin()
        self._unwatched.clear()


class _Watch:
    """Expires `scope` when the client goes away."""

    def __init__(self, receive: Receive) -> None:
        self.scope = asyncio.timeout(None)
        self._receive = receive
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._task = asyncio.create_task(self._expire_at_disconnect())

    def end(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _expire_at_disconnect(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.scope.reschedule(asyncio.get_running_loop().time())
