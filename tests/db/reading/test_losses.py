"""Connections that end: unused, in use, all at once; and a server that comes back."""

import asyncio
import os
import signal
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from db.database import Database
from db.embedded import Cluster, running
from db.errors import Unavailable
from db.reading import Statement
from tests.db.reading.conftest import Opened, Watcher
from tests.waiting import eventually, until

BACKEND = Statement("select pg_backend_pid()")
SLEEP = Statement("select pg_sleep(60)")
ONE = Statement("select 1")
SUICIDE = Statement("select pg_terminate_backend(pg_backend_pid())")
AWAY = "The database cannot be reached: try again."


async def backend(database: Database) -> int:
    [(pid,)] = await database.reads().fetch(BACKEND, [])
    return int(pid)


async def crowd(database: Database, size: int) -> None:
    """Opens `size` connections."""
    nap = Statement("select pg_sleep(0.05)")
    await asyncio.gather(*(database.reads().fetch(nap, []) for _ in range(size)))


async def test_an_idle_connection_that_the_server_ends_is_replaced(
    opened: Opened, watcher: Watcher
) -> None:
    database = opened(pool_size=1)
    before = await backend(database)
    watcher.terminate(before)
    assert await backend(database) != before
    assert len(watcher.backends()) == 1


async def test_all_idle_connections_end_and_no_request_fails(
    opened: Opened, watcher: Watcher
) -> None:
    database = opened(pool_size=5)
    await crowd(database, 5)
    assert len(watcher.backends()) == 5
    watcher.terminate(*watcher.backends())
    found = await asyncio.gather(*(database.reads().fetch(ONE, []) for _ in range(20)))
    assert found == [[(1,)]] * 20


async def test_a_batch_under_way_is_sent_again(opened: Opened, watcher: Watcher) -> None:
    """The statement before the break has been answered: it is not sent twice."""
    database = opened(pool_size=1)
    before = await backend(database)
    reads = database.reads()
    calls = [
        reads.fetch(s, []) for s in (BACKEND, Statement("select 1 from pg_sleep(0.5)"), BACKEND)
    ]
    await until(lambda: len(watcher.sleeping()) == 1)
    watcher.terminate(before)
    [(first,)], [(one,)], [(last,)] = await asyncio.gather(*calls)
    assert one == 1
    assert last != before
    assert first == before


async def test_what_ends_each_of_its_connections_is_given_up(
    opened: Opened, watcher: Watcher
) -> None:
    database = opened(pool_size=1)
    await backend(database)
    reads = database.reads()
    calls = [reads.fetch(statement, []) for statement in (SUICIDE, ONE)]
    for call in calls:
        with pytest.raises(Unavailable) as unavailable:
            await call
        assert str(unavailable.value) == AWAY
    assert await database.reads().fetch(ONE, []) == [(1,)]


async def test_a_new_connection_that_ends_is_not_tried_again(
    opened: Opened, watcher: Watcher
) -> None:
    database = opened(pool_size=1)
    slow = database.reads().fetch(SLEEP, [])
    await until(lambda: len(watcher.sleeping()) == 1)
    watcher.terminate(*watcher.sleeping())
    with pytest.raises(Unavailable) as unavailable:
        await slow
    assert str(unavailable.value) == AWAY
    assert isinstance(unavailable.value.__cause__, psycopg.OperationalError)


async def test_those_who_wait_get_a_connection_instead_of_the_lost_one(
    opened: Opened, watcher: Watcher
) -> None:
    database = opened(pool_size=1, pool_timeout=60)
    slow = database.reads().fetch(SLEEP, [])
    await until(lambda: len(watcher.sleeping()) == 1)
    waiting = [database.reads().fetch(ONE, []) for _ in range(3)]
    await asyncio.sleep(0)
    watcher.terminate(*watcher.sleeping())
    with pytest.raises(Unavailable):
        await slow
    assert await asyncio.gather(*waiting) == [[(1,)]] * 3


async def test_a_connection_that_ends_while_it_is_cancelled(
    opened: Opened, watcher: Watcher
) -> None:
    database = opened(pool_size=1)
    for _ in range(10):
        slow = database.reads().fetch(SLEEP, [])
        await until(lambda: len(watcher.sleeping()) == 1)
        slow.cancel()
        watcher.terminate(*watcher.backends())
        assert await database.reads().fetch(ONE, []) == [(1,)]
        assert len(watcher.backends()) == 1


async def test_an_address_where_nothing_listens(opened: Opened, database_url: str) -> None:
    nowhere = make_url(database_url).set(query={}, host="127.0.0.1", port=1)
    database = opened(nowhere.render_as_string(hide_password=False), pool_size=2)
    calls = [database.reads().fetch(ONE, []) for _ in range(10)]
    for call in calls:
        with pytest.raises(Unavailable) as unavailable:
            await call
        assert str(unavailable.value) == AWAY


async def test_the_first_of_several_hosts_that_answers(opened: Opened, database_url: str) -> None:
    url = make_url(database_url)
    host = str(url.query["host"])
    several = url.update_query_dict({"host": ["127.0.0.1:1", f"{host}:{url.port or 5432}"]})
    database = opened(several.render_as_string(hide_password=False))
    assert await database.reads().fetch(ONE, []) == [(1,)]


async def test_a_wrong_password_is_no_fault_of_the_request(
    opened: Opened, database_url: str
) -> None:
    url = make_url(database_url).set(username="nobody_of_this_name")
    database = opened(url.render_as_string(hide_password=False))
    with pytest.raises(Unavailable):
        await database.reads().fetch(ONE, [])


async def test_a_closed_database_fails_what_is_under_way_and_can_be_used_again(
    opened: Opened, watcher: Watcher
) -> None:
    database = opened(pool_size=1)
    sent, waiting = (database.reads().fetch(SLEEP, []) for _ in range(2))
    await until(lambda: len(watcher.sleeping()) == 1)
    await database.dispose()
    for call in (sent, waiting):
        with pytest.raises(Unavailable):
            await call
    assert await database.reads().fetch(ONE, []) == [(1,)]
    await database.dispose()
    watcher.terminate(*watcher.sleeping())
    await until(lambda: watcher.backends() == [])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
async def test_a_server_that_comes_back(tmp_path: Path, how: signal.Signals) -> None:
    """While it is away requests fail at once; afterwards none does, whatever was open before."""
    with running(tmp_path, durable=False) as cluster:
        database = Database(cluster.application_url, pool_size=5)
        await crowd(database, 5)
        sleeping = [database.reads().fetch(SLEEP, []) for _ in range(2)]
        os.kill(postmaster(tmp_path), how)
        for call in sleeping:
            with pytest.raises(Unavailable):
                await call
        await until(lambda: answers(cluster))
        found = await asyncio.gather(*(database.reads().fetch(ONE, []) for _ in range(50)))
        assert found == [[(1,)]] * 50
        await database.dispose()


async def test_a_server_that_restarts_between_two_requests(tmp_path: Path) -> None:
    with running(tmp_path, durable=False) as cluster:
        database = Database(cluster.application_url, pool_size=5)
        await crowd(database, 5)
        before = postmaster(tmp_path)
        os.kill(before, signal.SIGINT)
        eventually_answers(cluster, tmp_path, before)
        found = await asyncio.gather(*(database.reads().fetch(ONE, []) for _ in range(50)))
        assert found == [[(1,)]] * 50
        await database.dispose()


def eventually_answers(cluster: Cluster, data_dir: Path, before: int) -> None:
    """Keeps the event loop from noticing anything: what was idle before looks idle still."""
    eventually(lambda: answers(cluster) and postmaster(data_dir) != before)


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres/cluster/postmaster.pid").read_text().splitlines()[0])


def answers(cluster: Cluster) -> bool:
    try:
        with psycopg.connect(cluster.superuser_url.replace("+psycopg", "")):
            return True
    except psycopg.OperationalError:
        return False
