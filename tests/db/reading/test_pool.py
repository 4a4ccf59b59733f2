"""Few connections, many requests: everybody in turn, nobody gets another's rows."""

import asyncio
import gc
import random
import weakref
from contextlib import suppress

import pytest
from psycopg import errors

from db.database import Database
from db.errors import Timeout, Unavailable
from db.reading import Statement
from tests.db.reading.conftest import Opened, Watcher
from tests.waiting import until

ONE = Statement("select 1")
SLEEP = Statement("select pg_sleep(60)")
ECHO = Statement("select $1::text, n from generate_series(1, $2::int) n")
NAP = Statement("select $1::text, 0 from pg_sleep($2::float8)")
BROKEN = Statement("select $1::text, 1 / 0")
RARE = [Statement(f"select $1::text, {number}") for number in range(300)]


async def test_a_full_pool_is_busy_and_recovers(opened: Opened, watcher: Watcher) -> None:
    database = opened(pool_size=1, pool_timeout=0.05)
    await connected(database)
    slow = database.reads().fetch(SLEEP, [])
    await until(lambda: len(watcher.sleeping()) == 1)
    reads = database.reads()
    for call in [reads.fetch(ONE, []) for _ in range(2)]:
        with pytest.raises(Unavailable) as unavailable:
            await call
        assert str(unavailable.value) == "The database is busy: try again."
    slow.cancel()
    await connected(database)


async def connected(database: Database) -> None:
    """To open a connection may take longer than a test wants others to wait."""
    while True:
        with suppress(Unavailable):
            await database.reads().fetch(ONE, [])
            return


async def test_a_deadline_counts_while_waiting_too(opened: Opened, watcher: Watcher) -> None:
    database = opened(pool_size=1, pool_timeout=1000)
    slow = database.reads().fetch(SLEEP, [])
    await until(lambda: len(watcher.sleeping()) == 1)
    with pytest.raises(Timeout):
        await database.reads(asyncio.get_running_loop().time() + 0.05).fetch(ONE, [])
    slow.cancel()
    assert await database.reads().fetch(ONE, []) == [(1,)]


async def test_who_waits_longest_is_next(opened: Opened) -> None:
    database = opened(pool_size=1)
    order: list[int] = []

    async def request(number: int) -> None:
        await database.reads().fetch(ONE, [])
        order.append(number)

    await asyncio.gather(*(request(number) for number in range(50)))
    assert order == list(range(50))


async def test_connections_are_opened_when_needed_and_no_more_than_allowed(
    opened: Opened, watcher: Watcher
) -> None:
    database = opened(pool_size=3)
    for _ in range(5):
        await database.reads().fetch(ONE, [])
    assert len(watcher.backends()) == 1
    await asyncio.gather(*(database.reads().fetch(NAP, ["", "0.02"]) for _ in range(12)))
    assert len(watcher.backends()) == 3


async def test_hundreds_of_requests_on_three_connections_get_their_own_rows(
    opened: Opened, watcher: Watcher
) -> None:
    """Some of their statements fail, some are given up, and the connections end now and then."""
    database = opened(pool_size=3, pool_timeout=60)
    chance = random.Random(3)

    def some(marker: str) -> tuple[Statement, list[str]]:
        kind = chance.random()
        if kind < 0.6:
            return ECHO, [marker, str(chance.randint(1, 40))]
        if kind < 0.9:
            return chance.choice(RARE), [marker]
        return (NAP, [marker, "0.003"]) if kind < 0.95 else (BROKEN, [marker])

    async def request(number: int) -> None:
        reads = database.reads()
        for level in range(4):
            markers = [f"{number}.{level}.{place}" for place in range(chance.randint(1, 5))]
            calls = [reads.fetch(*some(marker)) for marker in markers]
            if chance.random() < 0.1:
                await asyncio.sleep(0)
                calls[0].cancel()
            for marker, found in zip(
                markers, await asyncio.gather(*calls, return_exceptions=True), strict=True
            ):
                if isinstance(found, BaseException):
                    assert isinstance(found, (errors.DivisionByZero, asyncio.CancelledError))
                else:
                    assert {row[0] for row in found} == {marker}

    requests = [asyncio.create_task(request(number)) for number in range(300)]
    await until(lambda: sum(task.done() for task in requests) > 100)
    watcher.terminate(*watcher.backends()[:2])
    await asyncio.gather(*requests)
    assert len(watcher.backends()) <= 3


async def test_rows_do_not_wait_for_the_garbage_collector(opened: Opened) -> None:
    database = opened(pool_size=1)
    reads = database.reads()
    gc.disable()
    try:
        call = reads.fetch(Statement("select repeat('x', 1000)"), [])
        await call
        gone = weakref.ref(call)
        await database.reads().fetch(ONE, [])
        del call
        assert gone() is None
    finally:
        gc.enable()
