"""Behind PgBouncer in transaction mode: every transaction may have another server connection."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import DivisionByZero, SyntaxError
from sqlalchemy import make_url, text

from db.database import Database
from db.embedded.account import privileges
from db.errors import Timeout, Unavailable
from db.models.post import Post
from db.models.publication import Membership, Publication
from db.models.user import User
from db.reading import Statement
from db.viewer import Viewer
from db.writes.imports import import_publication
from tests.conftest import SAMPLE
from tests.db.reading.conftest import Opened, Watcher
from tests.loaders import rows
from tests.waiting import eventually, until

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH')}:/usr/sbin")
pytestmark = pytest.mark.skipif(
    PGBOUNCER is None, reason="pgbouncer is not installed (Debian: apt-get install pgbouncer)"
)
PORT = 6432

CONFIGURATION = """
[databases]
* = host={server} port={server_port}
[pgbouncer]
pool_mode = transaction
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users
default_pool_size = 2
logfile = {folder}/log
{more}
"""

TRANSACTION = Statement("select pg_current_xact_id()::text")
SETTINGS = Statement(
    "select current_setting('timezone'), current_setting('jit'),"
    " current_setting('statement_timeout')"
)


@contextmanager
def pgbouncer(url: str, folder: Path, more: str) -> Iterator[str]:
    """PgBouncer before the server of `url`; gives the URL of the same database behind it.

    It does not run as root, and the server may only admit its own user.
    """
    server = make_url(url)
    host = str(server.query.get("host", server.host))
    if os.geteuid() == 0:
        os.chown(folder, Path(host).stat().st_uid, -1)
    (folder / "users").write_text(f'"{server.username}" "{server.password}"\n')
    (folder / "configuration").write_text(
        CONFIGURATION.format(
            server=host, server_port=server.port or 5432, port=PORT, folder=folder, more=more
        )
    )
    command = [*privileges(Path(host)), str(PGBOUNCER), "--quiet", str(folder / "configuration")]
    with subprocess.Popen(command) as process:
        try:
            eventually(lambda: listens(folder / f".s.PGSQL.{PORT}"))
            behind = server.set(host="", port=PORT).update_query_dict({"host": str(folder)})
            yield behind.render_as_string(hide_password=False)
        finally:
            process.terminate()


def listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


@pytest.fixture(params=["", "ignore_startup_parameters = options"])
def pooled_url(database_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="masthead-", dir="/tmp") as folder,
        pgbouncer(database_url, Path(folder), request.param) as url,
    ):
        yield url


async def test_requests_that_share_few_server_connections(
    opened: Opened, pooled_url: str, watcher: Watcher
) -> None:
    database = opened(pooled_url, pool_size=10)
    statements = [Statement(f"select {number}, $1::text") for number in range(30)]

    async def request(number: int) -> None:
        for _ in range(5):
            reads = database.reads()
            calls = [reads.fetch(s, [str(number)]) for s in statements[number % 20 :][:5]]
            expected = [[(n, str(number))] for n in range(30)[number % 20 :][:5]]
            assert await asyncio.gather(*calls) == expected

    await asyncio.gather(*(request(number) for number in range(100)))
    assert len(watcher.backends()) == 2


async def test_one_tick_is_one_transaction_with_our_settings(
    opened: Opened, pooled_url: str
) -> None:
    database = opened(pooled_url, statement_timeout=7)
    reads = database.reads()
    for _ in range(2):
        calls = [reads.fetch(s, []) for s in (TRANSACTION, SETTINGS, TRANSACTION)]
        first, settings, second = await asyncio.gather(*calls)
        assert first == second
        assert settings == [("UTC", "off", "7s")]


async def test_our_settings_do_not_stay_with_others(
    opened: Opened, pooled_url: str, database_url: str, watcher: Watcher
) -> None:
    database = opened(pooled_url, pool_size=1, statement_timeout=7)
    await database.reads().fetch(SETTINGS, [])
    behind = make_url(pooled_url).set(drivername="postgresql")
    with psycopg.connect(behind.render_as_string(hide_password=False)) as other:
        row = other.execute("select current_setting('statement_timeout')").fetchone()
    assert row == ("0",)


async def test_failures_and_time(opened: Opened, pooled_url: str) -> None:
    database = opened(pooled_url, statement_timeout=0.2)
    reads = database.reads()
    statements = ["select 1", "select 1 / 0", "select pg_sleep(60)", "selec", "select 2"]
    calls = [reads.fetch(Statement(sql), []) for sql in statements]
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert [found[0], found[4]] == [[(1,)], [(2,)]]
    assert [type(found[n]) for n in (1, 2, 3)] == [DivisionByZero, Timeout, SyntaxError]


async def test_a_request_that_is_cancelled_leaves_the_server(
    opened: Opened, pooled_url: str, watcher: Watcher
) -> None:
    database = opened(pooled_url, pool_size=1)
    slow = database.reads().fetch(Statement("select pg_sleep(60)"), [])
    await until(lambda: len(watcher.sleeping()) == 1)
    slow.cancel()
    await until(lambda: watcher.sleeping() == [])
    assert await database.reads().fetch(Statement("select 1"), []) == [(1,)]


async def test_server_connections_that_end(
    opened: Opened, pooled_url: str, watcher: Watcher
) -> None:
    database = opened(pooled_url, pool_size=5)
    await asyncio.gather(*(database.reads().fetch(TRANSACTION, []) for _ in range(5)))
    watcher.terminate(*watcher.backends())
    found = await asyncio.gather(
        *(database.reads().fetch(Statement("select 1"), []) for _ in range(20))
    )
    assert found == [[(1,)]] * 20


async def test_an_import_and_its_reading(opened: Opened, pooled_url: str) -> None:
    database = opened(pooled_url)
    [(host, (name, read, folder))] = SAMPLE.items()
    for _ in range(2):
        async with database.write() as tx:
            await import_publication(tx, host, name, read(folder, datetime.now(UTC)))
    [(posts,)] = await database.reads().fetch(Statement("select count(*) from posts"), [])
    async with database.read() as connection:
        assert (await connection.execute(text("select count(*) from posts"))).scalar() == posts
        assert (await connection.execute(text("show timezone"))).scalar() == "UTC"
    async with database.write() as tx:
        assert (await tx.execute(text("show timezone"))).scalar() == "UTC"
    assert posts > 0
    await database.ping()


@pytest.fixture(params=["", "ignore_startup_parameters = options"])
def one_server_connection(database_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="masthead-", dir="/tmp") as folder,
        pgbouncer(database_url, Path(folder), f"default_pool_size = 1\n{request.param}") as url,
    ):
        yield url


ADA, BOB = rows.user("ada"), rows.user("bob")
BLOGS = {name["id"]: rows.publication(name, f"{name['username']}.test") for name in (ADA, BOB)}
HIDDEN = Statement("select publication_id from posts where status = 'REMOVED' order by 1")
TOLD = Statement(
    "select coalesce(string_agg(value, ',') filter (where value not in ('', 'off')), '')"
    " from unnest('{viewer,admin,publication,readonly,system}'::text[]) name,"
    " lateral current_setting('masthead.' || name, true) value"
)
VIEWERS = {
    None: "",
    Viewer(ADA["id"]): ADA["id"],
    Viewer(BOB["id"], publication_id=BLOGS[BOB["id"]]["id"]): ",".join(
        (BOB["id"], BLOGS[BOB["id"]]["id"])
    ),
    Viewer(ADA["id"], is_admin=True): f"{ADA['id']},on",
    Viewer(BOB["id"], is_admin=True, is_outsider=True): f"{BOB['id']},on,none,on",
}


def seen(viewer: Viewer | None) -> list[tuple[str]]:
    """The publications whose removed posts the viewer sees."""
    if viewer is None or viewer.is_outsider:
        return []
    every = viewer.is_admin
    return sorted((blog["id"],) for who, blog in BLOGS.items() if every or who == viewer.user_id)


async def settle(database: Database) -> None:
    """A removed post in a publication of each."""
    people = {ADA["id"]: ADA, BOB["id"]: BOB}
    await rows.add(
        database,
        (User, [ADA, BOB]),
        (Publication, list(BLOGS.values())),
        (Membership, [rows.membership(b, people[who], "OWNER") for who, b in BLOGS.items()]),
        (Post, [rows.post(b, people[who], "gone", status="REMOVED") for who, b in BLOGS.items()]),
    )


async def test_viewers_in_turns_over_one_server_connection_see_their_own(
    opened: Opened, one_server_connection: str, watcher: Watcher
) -> None:
    database = opened(one_server_connection, pool_timeout=30)
    await settle(database)
    for viewer, told in [*VIEWERS.items()] * 3:
        reads = database.reads(asker=viewer)
        found = await asyncio.gather(*(reads.fetch(each, []) for each in (TOLD, HIDDEN)))
        assert found == [[(told,)], seen(viewer)]
        public = database.reads()
        assert await public.fetch(TOLD, []) == [("",)]
        assert await public.fetch(HIDDEN, []) == []
    assert len(watcher.backends()) == 1


async def test_viewers_at_one_time_over_one_server_connection_see_their_own(
    opened: Opened, one_server_connection: str
) -> None:
    database = opened(one_server_connection, pool_timeout=30)
    await settle(database)
    viewers = [*VIEWERS] * 20
    found = await asyncio.gather(*(database.reads(asker=v).fetch(HIDDEN, []) for v in viewers))
    assert found == [seen(viewer) for viewer in viewers]


async def test_writers_in_turns_over_one_server_connection_change_their_own(
    opened: Opened, one_server_connection: str, watcher: Watcher
) -> None:
    database = opened(one_server_connection, pool_timeout=30)
    await settle(database)
    for viewer, told in [*VIEWERS.items()] * 2:
        async with database.write(viewer) as tx:
            assert (await tx.execute(text(TOLD.sql))).scalar() == told
            assert [tuple(row) for row in await tx.execute(text(HIDDEN.sql))] == seen(viewer)
            renamed = await tx.execute(
                text("update posts set title = 'New' returning publication_id")
            )
            assert sorted(tuple(row) for row in renamed) == seen(viewer)
        assert await database.reads().fetch(TOLD, []) == [("",)]
        assert await database.reads().fetch(HIDDEN, []) == []
        async with database.write() as tx:
            assert (await tx.execute(text(TOLD.sql))).scalar() == "on"
    assert len(watcher.backends()) == 1


async def test_a_transaction_that_fails_leaves_no_writer_behind(
    opened: Opened, one_server_connection: str
) -> None:
    database = opened(one_server_connection, pool_timeout=30)
    await settle(database)
    for viewer in VIEWERS:
        with pytest.raises(ZeroDivisionError):
            async with database.write(viewer) as tx:
                await tx.execute(text(TOLD.sql))
                raise ZeroDivisionError
        assert await database.reads().fetch(TOLD, []) == [("",)]


async def test_a_server_that_is_away(opened: Opened, pooled_url: str) -> None:
    nowhere = make_url(pooled_url).set(database="no_such_database")
    database = opened(nowhere.render_as_string(hide_password=False))
    with pytest.raises(Unavailable):
        await database.reads().fetch(Statement("select 1"), [])
