"""The worker: does the jobs that transactions have deferred.

It works as the application role, on connections of its own. What may go wrong with the database ends a
session, and the next begins after a pause; the jobs of a worker that was killed are brought back.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from psycopg_pool import PoolTimeout

from db.database import Database
from db.jobs.tasks import Backoff, Job, Refused, Task
from db.reading.connector import CONNECT_TIMEOUT, Connector

LOG: Final = logging.getLogger(__name__)
# It logs the arguments of jobs: people's addresses, and the links that are mailed to them.
logging.getLogger("procrastinate").setLevel(logging.CRITICAL + 1)

RECOVER: Final = "jobs.recover"
FORGET: Final = "jobs.forget"
KEPT: Final = 7 * 24
"""Hours that a job which was given up stays to be looked at; one that was done is gone at once."""
MOST_ATTEMPTS: Final = 20
"""After so many a job whose workers keep dying is given up, whatever its task says."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. New jobs are announced, but not through a pooler: there they wait for `polling`.

    A worker without a sign of life for `stalled` counts as dead. At a stop, jobs under way have `grace`
    to end, and are done anew by another worker else. After a failure of the database a pause follows,
    longer each time between the two.
    """

    polling: float = 5
    heartbeat: float = 10
    stalled: float = 30
    grace: float = 3
    first_pause: float = 1
    longest_pause: float = 30


class Worker:
    """Does up to `concurrency` jobs of these tasks at a time, on three connections."""

    def __init__(
        self,
        database: Database,
        tasks: Sequence[Task],
        pace: Pace | None = None,
        concurrency: int = 4,
    ) -> None:
        url = database.engine.url
        _, self._arguments = url.get_dialect()().create_connect_args(url)
        self._connector = Connector(self._arguments, {})
        self._tasks = tasks
        self._pace = pace or Pace()
        self._concurrency = concurrency

    async def run(self) -> None:
        """Works until it is cancelled, and then leaves no job half done for long."""
        pause = self._pace.first_pause
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                await self._session()
                LOG.warning("the worker lost the database")
            except Exception as error:
                # Whatever it is, giving up would leave all jobs undone until somebody looks.
                LOG.warning("the worker has to pause: %s", _reason(error))
            if clock() - began > self._pace.longest_pause:
                pause = self._pace.first_pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._pace.longest_pause)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Works beside the block; has stopped after it, or is left behind after twice its grace."""
        task = asyncio.create_task(self.run(), name="worker")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task], timeout=2 * self._pace.grace)

    async def _session(self) -> None:
        """Works until something fails; raises what it was, if that can be told."""
        connection = await self._connector.connect()
        await connection.close()
        app = self._app()
        async with app.open_async():
            await self._recover(app)
            await app.run_worker_async(
                queues=[RECOVER, FORGET, *(task.name for task in self._tasks)],
                concurrency=self._concurrency,
                fetch_job_polling_interval=self._pace.polling,
                listen_notify=not self._connector.pooled,
                update_heartbeat_interval=self._pace.heartbeat,
                stalled_worker_timeout=self._pace.stalled,
                shutdown_graceful_timeout=self._pace.grace,
                install_signal_handlers=False,
                delete_jobs="successful",
            )

    def _app(self) -> App:
        settings = {
            "connect_timeout": CONNECT_TIMEOUT,
            **self._arguments,
            "client_encoding": "utf8",
            # Through a pooler, a prepared statement may be another server's.
            "prepare_threshold": None,
        }
        app = App(
            connector=_Connections(
                kwargs=settings, min_size=1, max_size=2, timeout=2 * CONNECT_TIMEOUT
            )
        )
        own = [
            Task(RECOVER, lambda _: self._recover(app), cron="* * * * *"),
            Task(FORGET, lambda _: _forget(app), cron="11 * * * *"),
        ]
        for task in [*own, *self._tasks]:
            _register(app, task)
        return app

    async def _recover(self, app: App) -> None:
        """Has the jobs of dead workers done by those that live."""
        manager = app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self._pace.stalled):
            LOG.warning("job %s of a dead worker is brought back: %s", job.id, job.task_name)
            try:
                if job.attempts + 1 < MOST_ATTEMPTS:
                    await manager.retry_job(job)
                else:
                    await manager.finish_job(job, Status.FAILED, delete_job=False)
            except ConnectorException as error:
                # Another worker was faster, if it is not the database: then the session ends anyway.
                LOG.info("job %s is not brought back: %s", job.id, _reason(error))


class _Connections(PsycopgConnector):
    """The worker's connections."""

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        """Executes it again when its connection was lost: a job that was done is to be known as done."""
        try:
            await super().execute_query_async(query, **arguments)
        except ConnectorException as error:
            if isinstance(error.__cause__, PoolTimeout):
                raise
            await super().execute_query_async(query, **arguments)


async def _forget(app: App) -> None:
    """Deletes the jobs that were given up long ago."""
    await app.job_manager.delete_old_jobs(
        KEPT, include_failed=True, include_cancelled=True, include_aborted=True
    )


def _register(app: App, task: Task) -> None:
    async def do(context: JobContext, /, **arguments: Any) -> None:
        job = Job(context.job.id or 0, context.job.attempts + 1)
        if task.cron is not None:
            arguments.pop("timestamp", None)
        try:
            await task.do(job, **arguments)
        except Exception as error:
            _log_failure(task, job, error)
            raise

    registered: Any = app.task(
        name=task.name, queue=task.name, pass_context=True, retry=Backoff(task.attempts)
    )(do)
    if task.cron is not None:
        app.periodic(cron=task.cron, queueing_lock=task.name)(registered)


def _log_failure(task: Task, job: Job, error: Exception) -> None:
    facts = (task.name, job.id, job.attempt, _reason(error))
    if isinstance(error, Refused) or job.attempt >= task.attempts:
        LOG.error("job %s %s failed for good at attempt %s: %s", *facts)
    else:
        LOG.warning("job %s %s failed at attempt %s: %s", *facts)


def _reason(error: BaseException) -> str:
    """One line; the driver's own words, where there are such."""
    cause = error.__cause__ if isinstance(error, ConnectorException) else None
    told = cause or error
    first = str(told).strip().partition("\n")[0]
    return first if isinstance(told, Refused) else f"{type(told).__name__}: {first}"
