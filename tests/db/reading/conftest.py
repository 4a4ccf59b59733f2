"""Databases that a test opens as it likes, and a superuser's view of what happens on the server."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import psycopg
import pytest

from db.database import Database
from tests.postgres import Clone, Server

Opened = Callable[..., Database]


class Watcher:
    """A superuser's connection beside those of the test, to the server's view of its database."""

    def __init__(self, connection: "psycopg.Connection[Any]", database: str) -> None:
        self._connection = connection
        self._database = database

    def backends(self, condition: str = "true") -> list[int]:
        """The process ids of the database's connections, oldest first."""
        query = (
            "select pid from pg_stat_activity where datname = %s"
            f" and backend_type = 'client backend' and {condition} order by backend_start"
        )
        return [pid for (pid,) in self._connection.execute(query.encode(), [self._database])]

    def sleeping(self) -> list[int]:
        return self.backends("wait_event = 'PgSleep'")

    def idle(self) -> list[int]:
        return self.backends("state = 'idle'")

    def terminate(self, *pids: int) -> None:
        """Ends the connections; returns when they are gone."""
        for pid in pids:
            self._connection.execute("select pg_terminate_backend(%s, 60000)", [pid])


@pytest.fixture
def watcher(postgres: Server, clone: Clone) -> Iterator[Watcher]:
    url = postgres.superuser_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        yield Watcher(connection, clone.name)


@pytest.fixture
async def opened(database_url: str) -> AsyncIterator[Opened]:
    """Opens the test's own database with the settings given."""
    databases: list[Database] = []

    def open_one(url: str = database_url, **settings: Any) -> Database:
        databases.append(Database(url, **settings))
        return databases[-1]

    yield open_one
    for database in databases:
        await database.dispose()
