"""Statements that fail take nobody with them, and plans that are no longer right are made anew."""

import asyncio

import pytest
from psycopg import errors

from db.database import Database
from db.reading import Statement
from db.reading.connection import PREPARED_STATEMENTS
from tests.db.reading.conftest import Opened

ZERO = Statement("select 1 / $1::int")
NONSENSE = Statement("selec")
BACKEND = Statement("select pg_backend_pid()")


def numbered(number: int) -> Statement:
    return Statement(f"select {number}, $1::text")


async def test_an_error_in_the_middle_fails_only_its_own_statement(database: Database) -> None:
    reads = database.reads()
    calls = [reads.fetch(ZERO, [divisor]) for divisor in ("1", "0", "-1", "0", "1")]
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert [found[n] for n in (0, 2, 4)] == [[(1,)], [(-1,)], [(1,)]]
    assert [type(found[n]) for n in (1, 3)] == [errors.DivisionByZero] * 2


async def test_an_error_in_the_first_preparation(database: Database) -> None:
    reads = database.reads()
    calls = [reads.fetch(NONSENSE, []), reads.fetch(numbered(1), ["a"]), reads.fetch(NONSENSE, [])]
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert found[1] == [(1, "a")]
    assert [type(found[n]) for n in (0, 2)] == [errors.SyntaxError] * 2


async def test_what_a_failure_kept_from_being_prepared_is_prepared_later(
    opened: Opened,
) -> None:
    database = opened(pool_size=1)
    for _ in range(3):
        reads = database.reads()
        wrong, right = reads.fetch(NONSENSE, []), reads.fetch(numbered(2), ["b"])
        with pytest.raises(errors.SyntaxError):
            await wrong
        assert await right == [(2, "b")]


async def test_a_wrong_number_of_parameters_is_an_error_of_its_statement(
    database: Database,
) -> None:
    reads = database.reads()
    wrong, right = reads.fetch(numbered(3), []), reads.fetch(numbered(3), ["c"])
    with pytest.raises(errors.ProtocolViolation):
        await wrong
    assert await right == [(3, "c")]


async def test_a_value_that_cannot_be_decoded_fails_only_its_own_statement(
    database: Database,
) -> None:
    reads = database.reads()
    endless = Statement("select '1e400'::json")
    wrong, right = reads.fetch(endless, []), reads.fetch(numbered(4), ["d"])
    with pytest.raises(ValueError, match="number"):
        await wrong
    assert await right == [(4, "d")]


async def test_a_failing_statement_leaves_its_connection_in_use(opened: Opened) -> None:
    database = opened(pool_size=1)
    before = await database.reads().fetch(BACKEND, [])
    with pytest.raises(errors.DivisionByZero):
        await database.reads().fetch(ZERO, ["0"])
    assert await database.reads().fetch(BACKEND, []) == before


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ("alter table notes add column author text", ("note_1", "Text", None)),
        ("alter table notes alter column text type jsonb using '{}'", ("note_1", {})),
        ("drop table notes; create table notes (id text)", None),
    ],
)
async def test_a_table_that_has_changed(
    opened: Opened, owner_url: str, change: str, row: tuple[object, ...] | None
) -> None:
    owner = opened(owner_url, pool_size=1)
    await alter(owner, "create table notes (id text, text text)")
    await alter(owner, "insert into notes values ('note_1', 'Text')")
    notes = Statement("select * from notes where id = $1")
    assert await owner.reads().fetch(notes, ["note_1"]) == [("note_1", "Text")]
    await alter(owner, change)
    reads = owner.reads()
    changed, other = reads.fetch(notes, ["note_1"]), reads.fetch(numbered(5), ["e"])
    assert await changed == ([row] if row else [])
    assert await other == [(5, "e")]


async def test_a_statement_that_the_server_has_forgotten(opened: Opened) -> None:
    database = opened(pool_size=1)
    assert await database.reads().fetch(numbered(6), ["f"]) == [(6, "f")]
    await database.reads().fetch(Statement("deallocate all"), [])
    reads = database.reads()
    found = await asyncio.gather(*(reads.fetch(numbered(n), ["f"]) for n in (6, 7, 6)))
    assert found == [[(6, "f")], [(7, "f")], [(6, "f")]]


async def test_what_is_not_supported_is_asked_twice_and_then_fails(database: Database) -> None:
    unsupported = Statement("select count(*) from users for update")
    with pytest.raises(errors.FeatureNotSupported):
        await database.reads().fetch(unsupported, [])


async def test_a_connection_keeps_the_statements_that_were_used_last(opened: Opened) -> None:
    database = opened(pool_size=1)
    await names(database)
    await prepared(database, numbered(0))
    for start in range(0, 2 * PREPARED_STATEMENTS, 64):
        reads = database.reads()
        numbers = range(start, start + 64)
        calls = [reads.fetch(numbered(n), ["x"]) for n in (0, *numbers)]
        assert await asyncio.gather(*calls) == [[(n, "x")] for n in (0, *numbers)]
    assert await names(database) == PREPARED_STATEMENTS
    assert await prepared(database, numbered(0)) == 1
    assert await prepared(database, numbered(1)) == 0


async def test_more_statements_in_one_tick_than_a_connection_keeps(opened: Opened) -> None:
    database = opened(pool_size=1)
    reads = database.reads()
    numbers = [*range(PREPARED_STATEMENTS + 50), 0]
    calls = [reads.fetch(numbered(n), ["x"]) for n in numbers]
    assert await asyncio.gather(*calls) == [[(n, "x")] for n in numbers]
    assert await names(database) == PREPARED_STATEMENTS


async def names(database: Database) -> int:
    statement = Statement("select count(*) from pg_prepared_statements")
    [(count,)] = await database.reads().fetch(statement, [])
    return int(count)


async def prepared(database: Database, statement: Statement) -> int:
    query = Statement("select count(*) from pg_prepared_statements where statement = $1")
    [(count,)] = await database.reads().fetch(query, [statement.sql])
    return int(count)


async def alter(owner: Database, statements: str) -> None:
    async with owner.write() as tx:
        for statement in statements.split(";"):
            await tx.exec_driver_sql(statement)
