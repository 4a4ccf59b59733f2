"""Accounts: what a request leaves to the worker."""

from db.authority import Authority
from db.database import Database
from db.jobs.tasks import Job, Task
from db.writes.accounts import reset


def tasks(database: Database, authority: Authority) -> list[Task]:
    async def mail_reset(_job: Job, email: str) -> None:
        async with database.write() as tx:
            await reset.mail_reset(tx, authority, email)

    return [Task(reset.REQUESTED, mail_reset, attempts=5)]
