from collections.abc import AsyncIterator

import pytest

from db.database import Database
from tests.members.blog import Blog
from tests.signing import client_of


@pytest.fixture
async def blog(database: Database) -> AsyncIterator[Blog]:
    """A publication with a person of each role."""
    async with client_of(database) as client:
        blog = Blog(database, client)
        await blog.fill()
        yield blog
