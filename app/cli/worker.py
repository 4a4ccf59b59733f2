"""`masthead worker`: jobs without a server, beside it or for several of them."""

import asyncio
import signal

from app import jobs, observability
from app.cli.terminal import progress
from app.deployment import authority_of, database_of
from app.settings import Settings, load
from db.database import Database
from db.jobs.worker import Worker


def worker() -> None:
    """Do jobs, such as sending mail, until it is told to stop."""
    settings = load()
    observability.configure(settings.log_level, settings.log_format)
    with database_of(settings) as addresses:
        asyncio.run(_work(settings, addresses.application))


async def _work(settings: Settings, url: str) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    database = Database(url)
    tasks = jobs.tasks(settings, database, authority_of(settings, database))
    async with Worker(database, tasks).running():
        progress("Working")
        await stop.wait()
    await database.dispose()
