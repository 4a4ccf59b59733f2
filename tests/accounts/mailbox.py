"""The mail that waits to be sent, and the links in it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from db.database import Database
from db.writes.accounts.reset import REQUESTED, mail_reset
from tests.signing import authority_on


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail as its job has it."""

    to: str
    template: str
    facts: dict[str, str]

    @property
    def token(self) -> str:
        return self.facts["link"].partition("?token=")[2]


async def collect(database: Database) -> list[Waiting]:
    """What is waiting, oldest first; from now on it does not."""
    await _look_for_accounts(database)
    taken = await _taken(database, "mail.send")
    return [Waiting(**arguments) for arguments in taken]


async def _look_for_accounts(database: Database) -> None:
    """As the worker does for those who have forgotten their password."""
    for arguments in await _taken(database, REQUESTED):
        async with database.write() as tx:
            await mail_reset(tx, authority_on(database), **arguments)


async def _taken(database: Database, task: str) -> list[dict[str, Any]]:
    statement = text(
        "with taken as (delete from procrastinate_jobs where task_name = :task returning id, args)"
        " select args from taken order by id"
    )
    async with database.write() as tx:
        return list(await tx.scalars(statement, {"task": task}))
