from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import psycopg
from psycopg import sql
from sqlalchemy import create_engine, make_url, text
from starlette.applications import Starlette

from app.health import Health
from db import migrations, revisions
from db.database import Database
from tests.postgres import Clone, Server

NOWHERE = "postgresql+psycopg://someone:a-password@127.0.0.1:1/somewhere"


@asynccontextmanager
async def probe(url: str) -> AsyncIterator[httpx.AsyncClient]:
    database = Database(url)
    transport = httpx.ASGITransport(Starlette(routes=Health(database).routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://masthead.test") as client:
        yield client
    await database.dispose()


async def ready(client: httpx.AsyncClient) -> tuple[int, dict[str, str]]:
    response = await client.get("/health/ready")
    body = response.json()
    assert body["status"] == ("ok" if response.status_code == 200 else "unavailable")
    return response.status_code, body["checks"]


def set_version(clone: Clone, version: str) -> None:
    engine = create_engine(clone.owner_url)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = :v"), {"v": version})
    engine.dispose()


def execute(url: str, statement: sql.SQL, name: str | None) -> None:
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(name or "")))


async def test_a_migrated_database_is_ready(clone: Clone) -> None:
    async with probe(clone.url) as client:
        assert await ready(client) == (200, {"database": "ok", "migrations": "ok"})


async def test_a_database_away_is_not_ready_and_keeps_its_secrets() -> None:
    async with probe(NOWHERE) as client:
        assert await ready(client) == (
            503,
            {
                "database": "The database cannot be reached: try again.",
                "migrations": "unknown",
            },
        )


async def test_pending_migrations_are_not_ready(clone: Clone) -> None:
    migrations.downgrade(clone.owner_url, "base")
    pending = len(revisions.status(clone.owner_url).pending)
    async with probe(clone.url) as client:
        assert await ready(client) == (
            503,
            {"database": "ok", "migrations": f"{pending} to apply: run masthead migrate"},
        )
        migrations.upgrade(clone.owner_url)
        assert await ready(client) == (200, {"database": "ok", "migrations": "ok"})


async def test_a_version_that_cannot_be_read_is_not_ready(clone: Clone) -> None:
    role = make_url(clone.url).username
    execute(clone.owner_url, sql.SQL("revoke select on alembic_version from {}"), role)
    async with probe(clone.url) as client:
        assert await ready(client) == (
            503,
            {"database": "ok", "migrations": "The schema's version cannot be read."},
        )
        execute(clone.owner_url, sql.SQL("grant select on alembic_version to {}"), role)
        assert await ready(client) == (200, {"database": "ok", "migrations": "ok"})


async def test_one_connection_is_enough_to_be_ready(postgres: Server, clone: Clone) -> None:
    limit = sql.SQL("alter database {} connection limit 1")
    execute(postgres.superuser_url, limit, clone.name)
    async with probe(clone.url) as client:
        assert await ready(client) == (200, {"database": "ok", "migrations": "ok"})


async def test_a_newer_database_is_not_ready(clone: Clone) -> None:
    set_version(clone, "from-the-future")
    async with probe(clone.url) as client:
        assert await ready(client) == (
            503,
            {
                "database": "ok",
                "migrations": "the database is at from-the-future, which this version does not know",
            },
        )


async def test_a_database_that_a_newer_version_migrates_stays_ready(clone: Clone) -> None:
    async with probe(clone.url) as client:
        assert (await ready(client))[0] == 200
        set_version(clone, "from-the-future")
        assert (await ready(client))[0] == 200


async def test_live_asks_nothing_of_the_database() -> None:
    async with probe(NOWHERE) as client:
        response = await client.get("/health/live")
        assert (await client.head("/health/live")).status_code == 200
    assert (response.status_code, response.json()) == (200, {"status": "ok", "checks": {}})
    assert response.headers["Cache-Control"] == "no-store"
