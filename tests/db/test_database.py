"""What a caller of the database sees when it is away, busy, or given what it cannot take."""

import asyncio

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from db.database import Database
from db.errors import Invalid, Unavailable

NEWS = text(
    "insert into users (id, username, name)"
    " values ('user_01990000-0000-7000-8000-000000000001', 'ada', 'Ada')"
)
PEOPLE = text("select count(*) from users")


async def people(database: Database) -> int:
    async with database.read() as connection:
        found: int = (await connection.execute(PEOPLE)).scalar_one()
        return found


async def test_a_write_is_there_after_its_block(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(NEWS)
    assert await people(database) == 1


async def test_an_exception_takes_the_whole_block_back(database: Database) -> None:
    with pytest.raises(RuntimeError, match="changed my mind"):
        async with database.write() as tx:
            await tx.execute(NEWS)
            raise RuntimeError("changed my mind")
    assert await people(database) == 0


async def test_a_constraint_is_no_outage(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await tx.execute(NEWS)
            await tx.execute(NEWS)
    assert await people(database) == 0


@pytest.mark.parametrize("value", ["\0", "a\0b", "\ud800"])
async def test_what_no_text_can_hold_is_invalid(database: Database, value: str) -> None:
    query = text("select count(*) from users where name = :name")
    with pytest.raises(Invalid):
        async with database.read() as connection:
            await connection.execute(query, {"name": value})
    assert await people(database) == 0


async def test_a_statement_that_asks_too_much_is_no_outage(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.read() as connection:
            await connection.execute(text("select repeat('x', 2000000000)"))


async def test_an_address_where_nothing_listens(database_url: str) -> None:
    nowhere = make_url(database_url).set(query={}, host="127.0.0.1", port=1)
    database = Database(nowhere.render_as_string(hide_password=False))
    with pytest.raises(Unavailable):
        await database.ping()
    await database.dispose()


async def test_a_connection_that_the_server_ended_is_replaced(database: Database) -> None:
    await database.ping()
    with pytest.raises(Unavailable):
        async with database.read() as connection:
            await connection.execute(text("select pg_terminate_backend(pg_backend_pid())"))
    await database.ping()


async def test_a_full_pool_is_busy_and_recovers(database_url: str) -> None:
    database = Database(database_url, pool_size=1, pool_timeout=0.05)
    async with database.read():
        with pytest.raises(Unavailable, match="busy"):
            await database.ping()
    await database.ping()
    await database.dispose()


async def test_times_come_in_utc(database: Database) -> None:
    async with database.read() as connection:
        zone = (await connection.execute(text("show timezone"))).scalar_one()
    assert zone == "UTC"


async def test_a_cancelled_statement_leaves_the_pool_usable(database: Database) -> None:
    async def sleep() -> None:
        async with database.read() as connection:
            await connection.execute(text("select pg_sleep(60)"))

    task = asyncio.create_task(sleep())
    while not await asleep(database):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.ping()


async def asleep(database: Database) -> bool:
    query = text(
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and wait_event = 'PgSleep'"
    )
    async with database.read() as connection:
        return bool((await connection.execute(query)).scalar_one())
