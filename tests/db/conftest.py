"""What the tests of row-level security share; each has its own database with `everything`."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from tests.postgres import Clone


@pytest.fixture
async def owner(everything: Clone) -> AsyncIterator[AsyncEngine]:
    """The tables' owner, whom no policy binds."""
    engine = create_async_engine(everything.owner_url)
    yield engine
    await engine.dispose()
