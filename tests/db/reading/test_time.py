"""The end of the time: statement timeouts, deadlines, and requests that nobody waits for any more."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from psycopg import errors

from db.database import Database
from db.embedded import running
from db.errors import Timeout
from db.reading import Statement, connection
from tests.db.reading.conftest import Opened, Watcher
from tests.waiting import until

SLEEP = Statement("select pg_sleep(60)")
LIMIT = Statement("select current_setting('statement_timeout')")
BACKEND = Statement("select pg_backend_pid()")
ONE = Statement("select 1")
UNLIMITED = Statement("select set_config('statement_timeout', '0', true)")


def soon(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_a_statement_that_takes_too_long_times_out_alone(opened: Opened) -> None:
    database = opened(pool_size=1, statement_timeout=0.05)
    backend = await database.reads().fetch(BACKEND, [])
    reads = database.reads()
    before, slow, after = (reads.fetch(statement, []) for statement in (ONE, SLEEP, ONE))
    with pytest.raises(Timeout) as timeout:
        await slow
    assert str(timeout.value) == "The database took too long: ask for less, or try again."
    assert timeout.value.code == "TIMEOUT"
    assert [await before, await after] == [[(1,)], [(1,)]]
    assert await database.reads().fetch(BACKEND, []) == backend


async def test_less_time_than_a_statement_may_take_is_its_limit(opened: Opened) -> None:
    database = opened(pool_size=1, statement_timeout=1000)
    [(limit,)] = await database.reads(soon(500)).fetch(LIMIT, [])
    assert limit.removesuffix("ms").isdigit()
    assert 400_000 < int(limit.removesuffix("ms")) < 500_001


@pytest.mark.parametrize("seconds", [None, 1000.0, 990.0])
async def test_enough_time_changes_nothing(opened: Opened, seconds: float | None) -> None:
    database = opened(pool_size=1, statement_timeout=1000)
    await database.reads(soon(500)).fetch(LIMIT, [])
    reads = database.reads(seconds and soon(seconds))
    assert await reads.fetch(LIMIT, []) == [("1000s",)]


async def test_at_the_deadline_all_that_is_not_answered_fails(
    opened: Opened, watcher: Watcher
) -> None:
    database = opened(pool_size=1)
    backend = await database.reads().fetch(BACKEND, [])
    reads = database.reads(soon(0.2))
    _, done, slow, never = (reads.fetch(s, []) for s in (UNLIMITED, ONE, SLEEP, ONE))
    for call in (slow, never):
        with pytest.raises(Timeout):
            await call
    assert await done == [(1,)]
    assert await database.reads().fetch(BACKEND, []) == backend
    assert await database.reads().fetch(LIMIT, []) == [("10s",)]
    assert watcher.sleeping() == []


async def test_who_gives_up_at_the_deadline_too(opened: Opened) -> None:
    """The connection comes back once: two requests after that do not share it."""
    database = opened(pool_size=1)
    deadline = soon(0.2)
    reads = database.reads(deadline)
    reads.fetch(UNLIMITED, [])
    slow = reads.fetch(SLEEP, [])
    asyncio.get_running_loop().call_at(deadline + 0.00001, slow.cancel)
    with pytest.raises((Timeout, asyncio.CancelledError)):
        await slow
    for _ in range(3):
        found = await asyncio.gather(*(database.reads().fetch(ONE, []) for _ in range(5)))
        assert found == [[(1,)]] * 5


async def test_a_server_out_of_reach_does_not_hold_up_the_deadline(tmp_path: Path) -> None:
    with running(tmp_path, durable=False) as cluster:
        database = Database(cluster.application_url, pool_size=1)
        [(pid,)] = await database.reads().fetch(BACKEND, [])
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(Timeout):
            await database.reads(soon(0.05)).fetch(ONE, [])
        os.kill(pid, signal.SIGCONT)
        assert await database.reads().fetch(BACKEND, []) == [(pid,)]
        await database.dispose()


async def test_a_deadline_that_is_over_already(database: Database) -> None:
    await database.reads().fetch(ONE, [])
    with pytest.raises(Timeout):
        await database.reads(soon(-1)).fetch(SLEEP, [])
    assert await database.reads().fetch(ONE, []) == [(1,)]


async def test_a_deadline_that_meets_the_settings_of_the_batch(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.reads().fetch(ONE, [])
    monkeypatch.setattr(connection, "local", lambda _settings: (SLEEP, []))
    reads = database.reads(soon(0.05))
    with pytest.raises(Timeout):
        await asyncio.gather(reads.fetch(ONE, []), reads.fetch(ONE, []))
    monkeypatch.undo()
    assert await database.reads().fetch(ONE, []) == [(1,)]


async def test_a_request_that_is_cancelled_leaves_the_server(
    opened: Opened, watcher: Watcher
) -> None:
    database = opened(pool_size=1)
    backend = await database.reads().fetch(BACKEND, [])

    async def request() -> None:
        reads = database.reads()
        await asyncio.gather(*(reads.fetch(statement, []) for statement in (ONE, SLEEP, ONE)))

    task = asyncio.create_task(request())
    await until(lambda: len(watcher.sleeping()) == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: len(watcher.idle()) == 1)
    assert await database.reads().fetch(BACKEND, []) == backend


async def test_a_batch_goes_on_for_those_who_still_wait(opened: Opened, watcher: Watcher) -> None:
    database = opened(pool_size=1)
    reads = database.reads()
    slow, other = reads.fetch(Statement("select 1 from pg_sleep(0.3)"), []), reads.fetch(ONE, [])
    await until(lambda: len(watcher.sleeping()) == 1)
    slow.cancel()
    assert await other == [(1,)]


async def test_a_connection_is_not_handed_out_before_it_is_clean(
    opened: Opened, watcher: Watcher
) -> None:
    """A cancellation under way could hit the next batch: none of these may fail."""
    database = opened(pool_size=1)
    for number in range(30):
        given_up = database.reads().fetch(Statement("select pg_sleep(0.002)"), [])
        await asyncio.sleep(0.0001 * number)
        given_up.cancel()
        following = Statement("select $1::int from pg_sleep(0.002)")
        assert await database.reads().fetch(following, [str(number)]) == [(number,)]
    assert len(watcher.backends()) == 1


async def test_a_batch_that_is_cancelled_while_it_waits_for_a_connection(
    opened: Opened, watcher: Watcher
) -> None:
    database = opened(pool_size=1)
    slow = database.reads().fetch(SLEEP, [])
    await until(lambda: len(watcher.sleeping()) == 1)
    waiting = database.reads().fetch(SLEEP, [])
    await asyncio.sleep(0)
    waiting.cancel()
    slow.cancel()
    assert await database.reads().fetch(ONE, []) == [(1,)]
    assert watcher.sleeping() == []


async def test_somebody_else_s_cancellation_is_a_timeout_too(
    opened: Opened, watcher: Watcher
) -> None:
    database = opened(pool_size=2)
    slow = database.reads().fetch(SLEEP, [])
    await until(lambda: len(watcher.sleeping()) == 1)
    cancel = Statement("select pg_cancel_backend($1::int)")
    [pid] = watcher.sleeping()
    assert await database.reads().fetch(cancel, [str(pid)]) == [(True,)]
    with pytest.raises(Timeout):
        await slow


async def test_a_failure_that_nobody_asks_for_is_not_reported(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    reads = database.reads()
    failures = [reads.fetch(Statement("select 1 / 0"), []) for _ in range(2)]
    with pytest.raises(errors.DivisionByZero):
        await failures[1]
    del failures
    assert caplog.records == []
