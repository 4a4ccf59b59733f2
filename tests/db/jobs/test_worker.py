"""The worker over a real database: what is done, what is tried again, what survives which disaster."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, text

from db import jobs
from db.database import Database
from db.embedded import running
from db.errors import Unavailable
from db.jobs.tasks import FIRST_PAUSE, LONGEST_PAUSE, Job, Refused, Task, pause_after
from db.jobs.worker import FORGET, RECOVER, Pace, Worker
from db.preparation import prepare
from tests.waiting import PATIENCE, until

FAST = Pace(polling=0.05, grace=0.2, first_pause=0.05, longest_pause=0.2)

Working = Callable[..., AbstractAsyncContextManager[None]]


class Doer:
    """What a task does: notes each job; fails, or waits, as it is told to."""

    def __init__(self) -> None:
        self.done: list[tuple[Job, dict[str, Any]]] = []
        self.failures: list[Exception] = []
        self.hold = asyncio.Event()
        self.hold.set()

    async def __call__(self, job: Job, **arguments: Any) -> None:
        self.done.append((job, arguments))
        await self.hold.wait()
        if self.failures:
            raise self.failures.pop(0)

    def task(self, attempts: int = 1) -> Task:
        return Task("test.do", self, attempts)


@pytest.fixture
def doer() -> Doer:
    return Doer()


@pytest.fixture
def working(database: Database, doer: Doer) -> Working:
    @asynccontextmanager
    async def working(attempts: int = 1, pace: Pace = FAST) -> AsyncIterator[None]:
        async with Worker(database, [doer.task(attempts)], pace).running():
            yield

    return working


async def deferred(database: Database, **arguments: Any) -> None:
    async with database.write() as tx:
        await jobs.defer(tx, "test.do", **arguments)


async def own(database: Database, columns: str = "status::text") -> list[Any]:
    """The jobs that are no worker's own, oldest first."""
    async with database.read() as connection:
        query = f"select {columns} from procrastinate_jobs where task_name = 'test.do' order by id"
        return [tuple(row) for row in await connection.execute(text(query))]


async def gone(database: Database) -> None:
    """Returns when all jobs are done."""
    await settled(database, [])


async def settled(database: Database, statuses: list[tuple[str]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while await own(database) != statuses:
            await asyncio.sleep(0.02)


async def changed(database: Database, statement: str) -> None:
    async with database.write() as tx:
        await tx.execute(text(statement))


async def test_a_job_is_done_once_its_transaction_is_committed(
    database: Database, doer: Doer, working: Working
) -> None:
    async with working():
        await deferred(database, name="Ann", facts={"a": "b"})
        await gone(database)
    [(job, arguments)] = doer.done
    assert (job.attempt, arguments) == (1, {"name": "Ann", "facts": {"a": "b"}})


async def test_a_job_of_a_transaction_that_fails_is_none(
    database: Database, doer: Doer, working: Working
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write() as tx:
            await jobs.defer(tx, "test.do", name="never")
            raise ZeroDivisionError
    async with working():
        await deferred(database, name="Ann")
        await gone(database)
    assert [arguments for _, arguments in doer.done] == [{"name": "Ann"}]


async def test_what_only_a_newer_worker_knows_is_left_to_it(
    database: Database, doer: Doer, working: Working
) -> None:
    async with database.write() as tx:
        await jobs.defer(tx, "test.of_tomorrow")
    async with working():
        await deferred(database)
        await gone(database)
    async with database.read() as connection:
        query = text("select task_name, status::text from procrastinate_jobs where not"
                     " starts_with(task_name, 'jobs.')")  # fmt: skip
        rows = [tuple(row) for row in await connection.execute(query)]
    assert rows == [("test.of_tomorrow", "todo")]


async def test_a_failure_is_tried_again_later_and_later(
    database: Database, doer: Doer, working: Working
) -> None:
    doer.failures = [ValueError("1"), ValueError("2")]
    async with working(attempts=3):
        await deferred(database)
        await until(lambda: len(doer.done) == 1)
        await settled(database, [("todo",)])
        [(seconds,)] = await own(database, "extract(epoch from scheduled_at - now())::int")
        assert 25 <= seconds <= 33
        for attempt in (2, 3):
            await changed(database, "update procrastinate_jobs set scheduled_at = null")
            await until(lambda: len(doer.done) == attempt)  # noqa: B023 - awaited in the loop
        await gone(database)
    assert [job.attempt for job, _ in doer.done] == [1, 2, 3]


def test_pauses_double_up_to_a_limit() -> None:
    for attempt, seconds in [(1, 30), (2, 60), (3, 120), (9, 7_200), (500, 7_200)]:
        assert seconds * 0.9 <= pause_after(attempt).total_seconds() <= seconds * 1.1
    assert FIRST_PAUSE < LONGEST_PAUSE


@pytest.mark.parametrize(
    ("attempts", "failure", "line"),
    [
        (5, Refused("nobody lives there"), "failed for good at attempt 1: nobody lives there"),
        (1, ValueError("odd"), "failed for good at attempt 1: ValueError: odd"),
    ],
)
async def test_what_can_never_be_done_is_given_up_and_said(
    attempts: int,
    failure: Exception,
    line: str,
    database: Database,
    doer: Doer,
    working: Working,
    caplog: pytest.LogCaptureFixture,
) -> None:
    doer.failures = [failure]
    async with working(attempts):
        await deferred(database, secret="a link")
        await settled(database, [("failed",)])
    assert line in caplog.text
    assert "a link" not in caplog.text
    assert len(doer.done) == 1


async def test_the_arguments_of_jobs_are_never_logged(
    database: Database, doer: Doer, working: Working, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    doer.failures = [ValueError("odd")]
    async with working(attempts=2):
        await deferred(database, to="ann@masthead.test")
        await until(lambda: doer.failures == [])
        await settled(database, [("todo",)])
        await changed(database, "update procrastinate_jobs set scheduled_at = null")
        await gone(database)
    written = [record for record in caplog.records if record.name.startswith("procrastinate")]
    assert written == []
    assert "failed at attempt 1" in caplog.text


async def test_a_worker_that_stops_hands_its_jobs_on(
    database: Database, doer: Doer, working: Working
) -> None:
    doer.hold.clear()
    async with working():
        await deferred(database)
        await until(lambda: len(doer.done) == 1)
    assert await own(database) == [("todo",)]
    doer.hold.set()
    async with working():
        await gone(database)
    assert [job.attempt for job, _ in doer.done] == [1, 2]


async def test_a_worker_that_stops_lets_its_jobs_end(
    database: Database, doer: Doer, working: Working
) -> None:
    doer.hold.clear()
    async with working(pace=Pace(polling=0.05, grace=60)):
        await deferred(database)
        await until(lambda: len(doer.done) == 1)
        asyncio.get_running_loop().call_later(0.05, doer.hold.set)
    assert await own(database) == []


async def test_the_job_of_a_dead_worker_is_brought_back_at_the_start(
    database: Database, doer: Doer, working: Working
) -> None:
    await deferred(database)
    await died_at_work(database, "2 minutes")
    async with working():
        await gone(database)
    assert [job.attempt for job, _ in doer.done] == [2]


async def test_the_job_of_a_living_worker_is_left_alone_until_it_dies(
    database: Database, doer: Doer, working: Working
) -> None:
    await deferred(database)
    await died_at_work(database, "10 seconds")
    async with working():
        await recovered(database)
        assert await own(database) == [("doing",)]
        await changed(
            database,
            "update procrastinate_workers set last_heartbeat = now() - interval '1 minute'"
            " where id in (select worker_id from procrastinate_jobs where task_name = 'test.do')",
        )
        await recovered(database)
        await gone(database)
    assert [job.attempt for job, _ in doer.done] == [2]


async def test_a_job_whose_workers_keep_dying_is_given_up(
    database: Database, doer: Doer, working: Working
) -> None:
    await deferred(database)
    await changed(database, "update procrastinate_jobs set attempts = 19")
    await died_at_work(database, "2 minutes")
    async with working():
        await settled(database, [("failed",)])
    assert doer.done == []


async def test_jobs_that_were_given_up_stay_for_a_week(
    database: Database, doer: Doer, working: Working
) -> None:
    doer.failures = [Refused("never"), Refused("never")]
    async with working():
        await deferred(database)
        await settled(database, [("failed",)])
        await changed(database, "update procrastinate_events set at = at - interval '8 days'")
        await deferred(database)
        await settled(database, [("failed",), ("failed",)])
        async with database.write() as tx:
            await jobs.defer(tx, FORGET)
        await settled(database, [("failed",)])


async def died_at_work(database: Database, ago: str) -> None:
    """As if a worker had taken the jobs, and been killed that long ago."""
    await changed(
        database,
        "with dead as (insert into procrastinate_workers (last_heartbeat)"
        f" values (now() - interval '{ago}') returning id)"
        " update procrastinate_jobs set status = 'doing', worker_id = (select id from dead)",
    )


async def recovered(database: Database) -> None:
    """Returns when another look was had at which workers are dead."""
    async with database.write() as tx:
        await jobs.defer(tx, RECOVER)
    query = f"select 1 from procrastinate_jobs where task_name = '{RECOVER}'"
    found: Any = True
    async with asyncio.timeout(PATIENCE):
        while found:
            async with database.read() as connection:
                found = await connection.scalar(text(query))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
async def test_a_worker_outlives_its_database(tmp_path: Path, how: signal.Signals) -> None:
    """Again and again, with a job under way each time."""
    doer = Doer()
    with running(tmp_path) as cluster:
        prepare(cluster.owner_url, cluster.application_url)
        database = Database(cluster.application_url)
        async with Worker(database, [doer.task(5)], FAST).running():
            for number in (1, 2, 3):
                doer.hold.clear()
                await deferred(database)
                await until(lambda: len(doer.done) == number)  # noqa: B023 - awaited in the loop
                pid = (tmp_path / "postgres/cluster/postmaster.pid").read_text().splitlines()[0]
                os.kill(int(pid), how)
                doer.hold.set()
                await until(lambda: answers(cluster.superuser_url))
                await gone(database)
        await database.dispose()
    assert len({job.id for job, _ in doer.done}) == 3


async def test_a_worker_waits_for_a_database_that_is_not_there(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = make_url(database_url).set(query={}, host="127.0.0.1", port=1, password="secret!")
    database = Database(nowhere.render_as_string(hide_password=False))
    async with Worker(database, [], FAST).running():
        await until(lambda: caplog.text.count("the worker has to pause: OperationalError") >= 3)
        with pytest.raises(Unavailable):
            await database.ping()
    assert "secret!" not in caplog.text


async def test_a_database_that_is_not_migrated_is_waited_for(
    owner_url: str,
    database: Database,
    doer: Doer,
    working: Working,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with psycopg.connect(owner_url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("alter table procrastinate_jobs rename to away")
        async with working():
            await until(lambda: "the worker has to pause: UndefinedTable" in caplog.text)
            owner.execute("alter table away rename to procrastinate_jobs")
            await deferred(database)
            await gone(database)
    assert len(doer.done) == 1


async def test_two_workers_share_the_jobs(database: Database, doer: Doer, working: Working) -> None:
    async with working(), working():
        for number in range(40):
            await deferred(database, number=number)
        await gone(database)
    assert sorted(arguments["number"] for _, arguments in doer.done) == list(range(40))


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url.replace("+psycopg", "")):
            return True
    except psycopg.OperationalError:
        return False
