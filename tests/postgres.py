"""The PostgreSQL server of a test run, and the databases that its tests get.

All workers of a run (pytest-xdist) share one server: the embedded one, or the one whose superuser's
SQLAlchemy URL is in TEST_DATABASE_URL. All that is made there has the run's name for a prefix.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from db.migrations import upgrade

PREFIX = "masthead_test_"


@dataclass(frozen=True, slots=True)
class Clone:
    """A database, and its SQLAlchemy URLs for the application role and for the owner."""

    name: str
    url: str
    owner_url: str


class Server:
    """`run` names the test run. While a worker is connected, its shared lock guards what the run made.

    The application role is neither superuser nor BYPASSRLS, nor is the owner.
    """

    def __init__(self, superuser_url: str, run: str) -> None:
        self.superuser_url = superuser_url
        self._url = make_url(superuser_url).set(drivername="postgresql+psycopg")
        self._run = PREFIX + run
        self._admin = psycopg.connect(_dsn(self._url), autocommit=True)
        self._admin.execute("select pg_advisory_lock_shared(hashtext(%s))", [self._run])
        self._sweep()
        self._make_roles()
        self._template = self._once("template", "template1", self._migrate)

    @contextmanager
    def clone(self) -> Iterator[Clone]:
        """A migrated, empty database for the time of the block."""
        clone = self._named(uuid4().hex)
        self._create(clone.name, self._template.name)
        try:
            yield clone
        finally:
            self._drop(clone.name)

    def filled(self, name: str, fill: Callable[[Clone], None]) -> Clone:
        """The database `name`, filled by the first worker that asks for it and shared by all."""
        return self._once(name, self._template.name, fill)

    def close(self) -> None:
        """The last worker that leaves takes all that the run has made with it."""
        self._admin.execute("select pg_advisory_unlock_shared(hashtext(%s))", [self._run])
        self._sweep()
        self._admin.close()

    def _once(self, name: str, template: str, fill: Callable[[Clone], None]) -> Clone:
        """A database gets its name when it is complete."""
        done, unfinished = self._named(name), self._named(f"{name}_unfinished")
        with self._alone(done.name):
            if done.name not in self._databases():
                self._drop(unfinished.name)
                self._create(unfinished.name, template)
                fill(unfinished)
                self._do("alter database {} rename to {}", unfinished.name, done.name)
        return done

    def _migrate(self, template: Clone) -> None:
        upgrade(template.owner_url, f"{self._run}_app")

    def _named(self, name: str) -> Clone:
        urls = (
            self._url.set(
                username=f"{self._run}_{role}", password=self._run, database=f"{self._run}_{name}"
            )
            for role in ("app", "owner")
        )
        return Clone(f"{self._run}_{name}", *(url.render_as_string(False) for url in urls))

    def _make_roles(self) -> None:
        with self._alone(self._run):
            for role in {f"{self._run}_app", f"{self._run}_owner"} - set(self._roles()):
                self._admin.execute(
                    sql.SQL("create role {} login nosuperuser nobypassrls password {}").format(
                        sql.Identifier(role), sql.Literal(self._run)
                    )
                )

    def _sweep(self) -> None:
        """Drops what belongs to runs that nobody works on any more, however they ended."""
        names = [*self._databases(), *self._roles()]
        for run in {PREFIX + name.removeprefix(PREFIX).partition("_")[0] for name in names}:
            [(free,)] = self._admin.execute("select pg_try_advisory_lock(hashtext(%s))", [run])
            if free:
                for database in self._databases(run):
                    self._drop(database)
                for role in self._roles(run):
                    self._do("drop role if exists {}", role)
                self._admin.execute("select pg_advisory_unlock(hashtext(%s))", [run])

    def _databases(self, run: str = PREFIX) -> list[str]:
        return self._names("select datname from pg_database where starts_with(datname, %s)", run)

    def _roles(self, run: str = PREFIX) -> list[str]:
        return self._names("select rolname from pg_roles where starts_with(rolname, %s)", run)

    def _create(self, database: str, template: str) -> None:
        self._do(
            "create database {} template {} owner {}", database, template, f"{self._run}_owner"
        )

    def _drop(self, database: str) -> None:
        self._do("drop database if exists {} with (force)", database)

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        """One worker at a time may be in a block of this name."""
        self._admin.execute("select pg_advisory_lock(hashtext(%s))", [f"{name} alone"])
        try:
            yield
        finally:
            self._admin.execute("select pg_advisory_unlock(hashtext(%s))", [f"{name} alone"])

    def _do(self, statement: LiteralString, *names: str) -> None:
        self._admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _names(self, query: LiteralString, prefix: str) -> list[str]:
        return [name for (name,) in self._admin.execute(query, [prefix])]


def _dsn(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
