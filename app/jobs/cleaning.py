"""What nobody needs any longer is deleted."""

from datetime import UTC, datetime

from db.database import Database
from db.jobs.tasks import Job, Task
from db.writes.accounts.cleaning import forget_what_is_over
from db.writes.accounts.deletion import delete_due_accounts


def tasks(database: Database) -> list[Task]:
    async def clean(_job: Job) -> None:
        async with database.write() as tx:
            await forget_what_is_over(tx)

    async def delete(_job: Job) -> None:
        done = True
        while done:
            async with database.write() as tx:
                done = bool(await delete_due_accounts(tx, datetime.now(UTC)))

    return [
        Task("accounts.clean", clean, cron="23 * * * *"),
        Task("accounts.delete", delete, cron="41 * * * *"),
    ]
