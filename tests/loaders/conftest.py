"""A publication to read, for every test that wants one."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from db.database import Database
from db.viewer import Viewer
from loaders import Loaders
from tests.loaders.blog import Blog
from tests.postgres import Server


@pytest.fixture(scope="session")
def blog() -> Blog:
    return Blog()


@pytest.fixture(scope="session")
def blog_url(postgres: Server, blog: Blog) -> str:
    """The URL of a database with the blog, to be read only."""

    async def fill(url: str) -> None:
        database = Database(url)
        await blog.store(database)
        await database.dispose()

    return postgres.filled("blog", lambda clone: asyncio.run(fill(clone.url))).url


@pytest.fixture
async def blog_database(blog_url: str) -> AsyncIterator[Database]:
    database = Database(blog_url)
    yield database
    await database.dispose()


@pytest.fixture
def owner(blog: Blog) -> Viewer:
    """The owner of the blog's publications."""
    return Viewer(blog.owner["id"])


@pytest.fixture
def loaders(blog_database: Database, owner: Viewer) -> Loaders:
    """The loaders of the owner."""
    return Loaders(blog_database, owner)
