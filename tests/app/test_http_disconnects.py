import asyncio
from typing import NoReturn

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from app.http import disconnects
from app.http.disconnects import unless_disconnected


class Client:
    """One end of a connection: what it sends, and whether anybody looks."""

    def __init__(self, *messages: Message) -> None:
        self.messages = list(messages)
        self.looks = 0
        self.looked = asyncio.Event()
        self.abandoned = False

    async def receive(self) -> Message:
        self.looks += 1
        self.looked.set()
        if self.messages:
            return self.messages.pop(0)
        try:
            return await asyncio.Future()
        except asyncio.CancelledError:
            self.abandoned = True
            raise


class Work:
    """Work that does not end by itself."""

    def __init__(self) -> None:
        self.cancelled = False

    async def run(self) -> NoReturn:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        raise AssertionError


GONE: Message = {"type": "http.disconnect"}
REST: Message = {"type": "http.request", "body": b"", "more_body": False}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disconnects, "PATIENCE", 0)


async def turns() -> None:
    """Lets the event loop run what is due, and what follows from that."""
    for _ in range(5):
        await asyncio.sleep(0)


async def tasks_end() -> None:
    """Returns once no task but this one is left."""
    while len(asyncio.all_tasks()) > 1:
        await asyncio.sleep(0)


async def test_fast_work_looks_for_nobody() -> None:
    client = Client(GONE)

    async def work() -> int:
        return 7

    assert await unless_disconnected(client.receive, work()) == 7
    await turns()
    assert client.looks == 0


async def test_slow_work_ends_with_its_result_and_the_look() -> None:
    client = Client(REST)

    async def work() -> int:
        while client.looks < 2:
            await asyncio.sleep(0)
        return 7

    assert await unless_disconnected(client.receive, work()) == 7
    await tasks_end()
    assert (client.looks, client.abandoned) == (2, True)


async def test_a_disconnect_cancels_slow_work() -> None:
    client, work = Client(REST, GONE), Work()
    with pytest.raises(ClientDisconnect):
        await unless_disconnected(client.receive, work.run())
    assert work.cancelled
    assert client.looks == 2
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_a_cancellation_from_outside_stays_one() -> None:
    client, work = Client(), Work()
    request = asyncio.create_task(unless_disconnected(client.receive, work.run()))
    await client.looked.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    await tasks_end()
    assert (work.cancelled, client.abandoned) == (True, True)


async def test_a_cancellation_before_the_look_stays_one() -> None:
    client, work = Client(), Work()
    request = asyncio.create_task(unless_disconnected(client.receive, work.run()))
    await asyncio.sleep(0)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    await turns()
    assert (work.cancelled, client.looks) == (True, 0)


@pytest.mark.parametrize("failure", [ValueError("a"), TimeoutError("b")])
async def test_a_failure_is_passed_on(failure: Exception) -> None:
    async def work() -> None:
        raise failure

    with pytest.raises(type(failure)) as raised:
        await unless_disconnected(Client().receive, work())
    assert raised.value is failure
