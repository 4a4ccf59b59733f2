"""What nobody needs any longer is deleted."""

from db.database import Database
from db.jobs.tasks import Job, Task
from db.writes.accounts.cleaning import forget_what_is_over


def tasks(database: Database) -> list[Task]:
    async def clean(_job: Job) -> None:
        async with database.write() as tx:
            await forget_what_is_over(tx)

    return [Task("accounts.clean", clean, cron="23 * * * *")]
