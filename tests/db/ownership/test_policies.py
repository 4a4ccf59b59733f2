"""In a viewer's own transaction PostgreSQL lets through what db.ownership allows, and no more."""

from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db.database import Database
from db.models import (
    metadata,
    session,
)
from db.models.base import Base
from db.ownership import RULES, SERVERS_OWN
from db.security import Asker
from tests.db.ownership.candidates import CANDIDATES, key_of
from tests.db.ownership.changes import (
    Keys,
    allowed,
    changed,
    inserted,
    may_insert,
    named,
    primary_of,
)
from tests.db.ownership.people import (
    READERS,
    VIEWERS,
)


def test_every_table_has_a_rule() -> None:
    assert {named(table) for table in RULES} == set(metadata.tables)


async def test_every_rule_is_a_policy(owner: AsyncEngine) -> None:
    async with owner.connect() as connection:
        found = await connection.execute(
            text("select tablename, cmd from pg_policies where cmd <> 'SELECT' order by cmd")
        )
        commands: dict[str, list[str]] = {}
        for table, command in found:
            commands.setdefault(table, []).append(command)
    assert {table for table, found in commands.items() if found == ["ALL"]} <= {
        named(table) for table, rule in RULES.items() if rule is SERVERS_OWN
    }
    for table in RULES:
        assert commands[named(table)] in (["ALL"], ["DELETE", "INSERT", "UPDATE"]), table


@pytest.mark.parametrize("table", RULES, ids=named)
async def test_raw_updates_change_what_the_rule_allows(
    served: Database, owner: AsyncEngine, table: type[Base]
) -> None:
    first = primary_of(table)[0]
    same = update(table).values({first: first}).returning(*primary_of(table))
    found = {name: await changed(served, viewer, same) for name, viewer in VIEWERS.items()}
    async with owner.connect() as connection:
        assert found == {
            name: await allowed(connection, table, "update", viewer)
            for name, viewer in VIEWERS.items()
        }


@pytest.mark.parametrize("table", RULES, ids=named)
async def test_raw_deletes_remove_what_the_rule_allows(
    served: Database, owner: AsyncEngine, table: type[Base]
) -> None:
    every = delete(table).returning(*primary_of(table))
    found = {name: await changed(served, viewer, every) for name, viewer in VIEWERS.items()}
    async with owner.connect() as connection:
        assert found == {
            name: await allowed(connection, table, "delete", viewer)
            for name, viewer in VIEWERS.items()
        }


async def insertable(engine: AsyncEngine, table: type[Base]) -> dict[str, Keys]:
    """The candidates that the rule lets each viewer insert."""
    async with engine.connect() as connection:
        for each in (session.Session, table) if table is session.RefreshToken else (table,):
            await connection.execute(insert(each), CANDIDATES[each])
        new = {key_of(table, row) for row in CANDIDATES[table]}
        return {
            name: new & await allowed(connection, table, "insert", viewer)
            for name, viewer in VIEWERS.items()
        }


def test_every_table_has_candidates() -> None:
    assert CANDIDATES.keys() == RULES.keys()


@pytest.mark.parametrize("table", RULES, ids=named)
async def test_raw_inserts_add_what_the_rule_allows(
    served: Database, owner: AsyncEngine, table: type[Base]
) -> None:
    found = {name: await inserted(served, viewer, table) for name, viewer in VIEWERS.items()}
    assert found == await insertable(owner, table)


@pytest.mark.parametrize("table", RULES, ids=named)
async def test_the_server_itself_inserts_everything(served: Database, table: type[Base]) -> None:
    async with served.write() as tx:
        outer = await tx.begin_nested()
        if table is session.RefreshToken:
            await tx.execute(insert(session.Session), CANDIDATES[session.Session])
        for row in CANDIDATES[table]:
            assert await may_insert(tx, table, row)
        await outer.rollback()


async def content_of(engine: AsyncEngine) -> dict[str, list[Any]]:
    """All rows of all tables."""
    async with engine.connect() as connection:
        return {
            table.name: sorted(
                (await connection.scalars(text(f"select t::text from {table.name} t"))).all()
            )
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize("name", READERS)
async def test_those_who_only_read_change_nothing(
    own_copy: Database, owner_url: str, name: str
) -> None:
    """Statements that name no column ask for no row that is seen: `update` and `delete` all there are."""
    engine = create_async_engine(owner_url)
    before = await content_of(engine)
    for table in RULES:
        first = primary_of(table)[0].name
        for statement in (
            f"update {named(table)} set {first} = 'x'",
            f"delete from {named(table)}",
        ):
            await run(own_copy, VIEWERS[name], statement)
    assert await content_of(engine) == before
    await engine.dispose()


async def run(database: Database, asker: Asker, statement: str) -> None:
    try:
        async with database.write(asker) as tx:
            assert (await tx.execute(text(statement))).rowcount == 0
    except ProgrammingError as error:
        assert "permission denied for table audit_events" in str(error)
