"""What a request reads: rows, types, and one round trip for all that it asks for at once."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import uvloop

from db.database import Database
from db.errors import Invalid, Timeout, Unavailable
from db.reading import Call, Statement, array_literal
from tests.db.reading.conftest import Opened

# One value a transaction, and a batch is one transaction: the same for what travels together.
TRANSACTION = Statement("select pg_current_xact_id()::text")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("null", None),
        ("'é\U0001f642'::text", "é\U0001f642"),
        ("''::text", ""),
        ("'x'::varchar", "x"),
        ("true", True),
        ("7::int4", 7),
        ("9007199254740993::int8", 9007199254740993),
        ("1.5::float8", 1.5),
        ("1.25::numeric", 1.25),
        ("""'{"a": [1, null]}'::jsonb""", {"a": [1, None]}),
        ("""'"é"'::json""", "é"),
        ("array['a', null, 'b c']", ["a", None, "b c"]),
        ("'{}'::text[]", []),
        ("timestamptz '2026-01-02 03:04:05.60+02'", "2026-01-02 01:04:05.6+00"),
        ("date '2026-01-02'", "2026-01-02"),
    ],
)
async def test_types(database: Database, expression: str, value: Any) -> None:
    for _ in range(2):
        [(found,)] = await database.reads().fetch(Statement(f"select {expression}"), [])
        assert found == value
        assert type(found) is type(value)


async def test_rows_are_tuples_in_order(database: Database) -> None:
    numbers = Statement("select g, 'n' || g from generate_series(1, $1::int) g")
    reads = database.reads()
    assert await reads.fetch(numbers, ["3"]) == [(1, "n1"), (2, "n2"), (3, "n3")]
    assert await reads.fetch(numbers, ["0"]) == []
    assert await reads.fetch(numbers, [None]) == []


async def test_a_statement_without_rows(database: Database) -> None:
    assert await database.reads().fetch(Statement("set local work_mem = '8MB'"), []) == []


async def test_one_tick_is_one_round_trip(database: Database) -> None:
    reads = database.reads()
    first = await asyncio.gather(*(reads.fetch(TRANSACTION, []) for _ in range(3)))
    [second] = await asyncio.gather(reads.fetch(TRANSACTION, []))
    assert first[0] == first[1] == first[2] != second


async def test_statements_seen_for_the_first_time_are_one_round_trip_too(
    database: Database,
) -> None:
    reads = database.reads()
    statements = [Statement(f"{TRANSACTION.sql}, {n}") for n in range(3)]
    found = await asyncio.gather(*(reads.fetch(statement, []) for statement in statements))
    assert [number for [(_, number)] in found] == [0, 1, 2]
    assert len({transaction for [(transaction, _)] in found}) == 1


async def test_two_requests_do_not_share_a_round_trip(database: Database) -> None:
    one, other = await asyncio.gather(
        database.reads().fetch(TRANSACTION, []), database.reads().fetch(TRANSACTION, [])
    )
    assert one != other


async def test_connections_have_our_settings(opened: Opened) -> None:
    database = opened(statement_timeout=3)
    settings = Statement(
        "select current_setting('timezone'), current_setting('jit'),"
        " current_setting('statement_timeout')"
    )
    assert await database.reads().fetch(settings, []) == [("UTC", "off", "3s")]


async def test_text_is_utf8_whatever_the_environment_says(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    echo = Statement("select $1::text, length($1::text)")
    assert await opened().reads().fetch(echo, ["é\U0001f642"]) == [("é\U0001f642", 2)]


async def test_the_url_s_own_options_are_kept(opened: Opened, database_url: str) -> None:
    separator = "&" if "?" in database_url else "?"
    database = opened(f"{database_url}{separator}options=-c%20work_mem%3D5MB")
    settings = Statement("select current_setting('work_mem'), current_setting('timezone')")
    assert await database.reads().fetch(settings, []) == [("5MB", "UTC")]
    async with database.read() as connection:
        assert (await connection.exec_driver_sql("show work_mem")).scalar() == "5MB"


@pytest.mark.parametrize("value", ["\0", "a\0b", "\ud800"])
async def test_what_no_text_can_hold_fails_its_own_statement(
    database: Database, value: str
) -> None:
    reads, echo = database.reads(), Statement("select $1::text")
    wrong, right = reads.fetch(echo, [value]), reads.fetch(echo, ["right"])
    with pytest.raises(Invalid, match="cannot be stored"):
        await wrong
    assert await right == [("right",)]


async def test_ten_megabytes_each_way(database: Database) -> None:
    reads, echo = database.reads(), Statement("select $1::text, length($1::text)")
    texts = [letter * 10_000_000 for letter in "xyz"]
    found = await asyncio.gather(*(reads.fetch(echo, [text]) for text in texts))
    assert found == [[(text, 10_000_000)] for text in texts]


async def test_a_hundred_thousand_rows_and_keys(database: Database) -> None:
    keys = [f"key {number}" for number in range(100_000)]
    rows = await database.reads().fetch(
        Statement("select key, n from unnest($1::text[]) with ordinality as t (key, n)"),
        [array_literal(keys)],
    )
    assert rows == [(key, n) for n, key in enumerate(keys, 1)]


async def test_an_observer_sees_what_travels_together_and_how_it_ends(database: Database) -> None:
    seen: list[Sequence[Call]] = []
    reads = database.reads(observer=seen.append)
    two, broken = Statement("select generate_series(1, 2)"), Statement("select 1 / 0")
    await asyncio.gather(reads.fetch(two, []), reads.fetch(broken, []), return_exceptions=True)
    await reads.fetch(two, [])
    assert [[call.statement for call in calls] for calls in seen] == [[two, broken], [two]]
    assert [[call.seconds is None for call in calls] for calls in seen] == [[False, True], [False]]


async def test_a_call_that_is_given_up_before_it_is_sent(database: Database) -> None:
    reads = database.reads()
    kept, given_up = (reads.fetch(Statement(f"select {n}"), []) for n in range(2))
    given_up.cancel()
    assert await kept == [(0,)]
    assert given_up.cancelled()


def test_the_event_loop_of_the_server(database_url: str) -> None:
    """uvicorn runs on uvloop: there too rows arrive, and what breaks or lasts too long is settled."""

    async def read() -> None:
        database = Database(database_url, pool_size=1)
        reads = database.reads()
        texts = [letter * 1_000_000 for letter in "xyz"]
        calls = [reads.fetch(Statement("select $1::text"), [text]) for text in texts]
        assert await asyncio.gather(*calls) == [[(text,)] for text in texts]
        sleep = Statement("select pg_sleep(60)")
        with pytest.raises(Timeout):
            await database.reads(asyncio.get_running_loop().time() + 0.05).fetch(sleep, [])
        ending = Statement("select pg_terminate_backend(pg_backend_pid())")
        with pytest.raises(Unavailable):
            await database.reads().fetch(ending, [])
        assert await database.reads().fetch(Statement("select 1"), []) == [(1,)]
        await database.dispose()

    uvloop.run(read())
