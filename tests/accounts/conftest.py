from collections.abc import AsyncIterator

import pytest

from db.database import Database
from tests.signing import Client, client_of


@pytest.fixture
async def client(database: Database) -> AsyncIterator[Client]:
    """A client of the application over the test's own database; nobody is signed in."""
    async with client_of(database) as client:
        yield client
