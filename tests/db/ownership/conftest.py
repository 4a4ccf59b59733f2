"""Databases with everything that people wrote."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from db.database import Database
from tests.db.ownership.people import (
    store,
)
from tests.postgres import Clone, Server


@pytest.fixture(scope="session")
def everything(postgres: Server, worker_id: str) -> Clone:
    """A worker's own database, whose rows are only changed in transactions that are undone."""
    name = f"ownership_{worker_id}"
    return postgres.filled(name, lambda clone: asyncio.run(store(clone.url)))


@pytest.fixture
async def served(everything: Clone) -> AsyncIterator[Database]:
    database = Database(everything.url, pool_size=2, pool_timeout=30)
    yield database
    await database.dispose()


@pytest.fixture
async def own_copy(database: Database, database_url: str) -> Database:
    await store(database_url)
    return database
