"""Importing streams of records into the test's own database, and looking at what came of it."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import text

from db.database import Database
from db.models import metadata
from db.writes.imports import Report, import_publication
from db.writes.records import Record

Import = Callable[..., Awaitable[Report]]
Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]
Dump = Callable[[], Awaitable[dict[str, list[tuple[Any, ...]]]]]


@pytest.fixture
def import_(database: Database) -> Import:
    async def run(
        records: Iterable[Record], host: str = "site.test", source: str = "markdown"
    ) -> Report:
        async with database.write() as tx:
            return await import_publication(tx, host, source, records)

    return run


@pytest.fixture
def query(database: Database) -> Query:
    async def run(sql: str, **values: Any) -> list[tuple[Any, ...]]:
        async with database.read() as connection:
            return [tuple(row) for row in await connection.execute(text(sql), values)]

    return run


@pytest.fixture
def dump(query: Query) -> Dump:
    """Every row of every table as text, with the transaction that wrote it."""

    async def run() -> dict[str, list[tuple[Any, ...]]]:
        return {
            table: await query(f"select xmin::text, t::text from {table} t order by 2")
            for table in metadata.tables
        }

    return run
