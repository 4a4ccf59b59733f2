"""The worker behind PgBouncer in transaction mode: nobody tells it of new jobs, and it looks itself."""

import asyncio
import tempfile
from pathlib import Path

import pytest

from db import jobs
from db.database import Database
from db.jobs.tasks import Job, Task
from db.jobs.worker import Pace, Worker
from tests.db.reading.test_pooler import PGBOUNCER, pgbouncer
from tests.waiting import until

pytestmark = pytest.mark.skipif(
    PGBOUNCER is None, reason="pgbouncer is not installed (Debian: apt-get install pgbouncer)"
)


@pytest.mark.parametrize("more", ["", "ignore_startup_parameters = options"])
async def test_jobs_are_done_behind_a_pooler(database_url: str, more: str) -> None:
    done: list[int] = []

    async def do(_job: Job, number: int) -> None:
        done.append(number)
        await asyncio.sleep(0)

    with (
        tempfile.TemporaryDirectory(prefix="masthead-", dir="/tmp") as folder,
        pgbouncer(database_url, Path(folder), more) as url,
    ):
        database = Database(url)
        pace = Pace(polling=0.05, grace=0.2, first_pause=0.05, longest_pause=0.2)
        async with Worker(database, [Task("test.do", do)], pace).running():
            for number in range(20):
                async with database.write() as tx:
                    await jobs.defer(tx, "test.do", number=number)
            await until(lambda: len(done) == 20)
        await database.dispose()
    assert sorted(done) == list(range(20))
