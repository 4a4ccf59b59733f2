"""What statements change for whom, as PostgreSQL has it, and as the rules have it."""

from typing import Any

from sqlalchemy import insert, inspect, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.database import Database
from db.models.base import Base
from db.ownership import Action, may_write
from db.security import Asker
from db.viewer import Viewer
from tests.db.ownership.candidates import CANDIDATES, key_of
from tests.loaders.rows import Row


def primary_of(table: type[Base]) -> list[Any]:
    return [getattr(table, column.name) for column in inspect(table).primary_key]


Keys = set[tuple[Any, ...]]


class Undone(Exception):
    """Ends a transaction whose changes are not to stay."""


async def changed(database: Database, asker: Asker, statement: Any) -> Keys:
    """The keys of the rows that the statement would change for the asker."""
    found: Keys = set()
    try:
        async with database.write(asker) as tx:
            found |= {tuple(row) for row in await tx.execute(statement)}
            raise Undone
    except Undone:
        return found
    except ProgrammingError as error:
        # Nobody changes the audit log, by privilege.
        assert "permission denied for table audit_events" in str(error)
        return set()


async def allowed(
    connection: AsyncConnection, table: type[Base], action: Action, viewer: Viewer | None
) -> Keys:
    statement = select(*primary_of(table)).where(may_write(table, action, viewer))
    return {tuple(row) for row in await connection.execute(statement)}


def named(table: type[Base]) -> str:
    name: str = table.__tablename__
    return name


async def inserted(database: Database, asker: Asker, table: type[Base]) -> Keys:
    """The candidates that the asker would insert."""
    found: Keys = set()
    try:
        async with database.write(asker) as tx:
            for row in CANDIDATES[table]:
                if await may_insert(tx, table, row):
                    found.add(key_of(table, row))
            raise Undone
    except Undone:
        return found


async def may_insert(tx: AsyncConnection, table: type[Base], row: Row) -> bool:
    try:
        async with tx.begin_nested():
            await tx.execute(insert(table).values(row))
    except ProgrammingError as error:
        assert "new row violates row-level security policy" in str(error)
        return False
    return True
