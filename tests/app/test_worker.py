"""The worker inside the server: there unless it is turned off, and never in the way."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import func, insert, make_url, select, text

from app.main import create_app
from app.settings import Settings
from db import jobs
from db.database import Database
from db.mail import send_mail
from db.models.account import EmailToken, Lockout
from db.models.factor import Challenge
from db.models.session import Session
from tests.signing import authority_on, person
from tests.waiting import until


def serving(database: Database, **settings: Any) -> AbstractAsyncContextManager[Any]:
    app = create_app(Settings(**settings), database, authority_on(database))
    return app.router.lifespan_context(app)


async def waiting(database: Database) -> int:
    async with database.read() as connection:
        found = await connection.scalar(text("select count(*) from procrastinate_jobs"))
    return int(found or 0)


async def mail(database: Database) -> None:
    async with database.write() as tx:
        await send_mail(tx, "ann@masthead.test", "sign_up_known")


async def test_the_server_does_the_jobs(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    async with serving(database, data_dir=tmp_path):
        await mail(database)
        await until(lambda: len([*folder.glob("*.eml")]) == 1)


async def test_the_server_leaves_the_jobs_to_a_worker_of_its_own(
    database: Database, tmp_path: Path
) -> None:
    async with serving(database, data_dir=tmp_path, worker=False):
        await mail(database)
        backends = select(func.count()).select_from(text("procrastinate_workers"))
        async with database.read() as connection:
            assert await connection.scalar(backends) == 0
        assert await waiting(database) == 1


async def test_a_server_starts_and_stops_without_a_database(
    database_url: str, tmp_path: Path
) -> None:
    nowhere = make_url(database_url).set(query={}, host="127.0.0.1", port=1)
    database = Database(nowhere.render_as_string(hide_password=False))
    began = monotonic()
    async with serving(database, data_dir=tmp_path):
        await asyncio.sleep(0)
    assert monotonic() - began < 5


async def test_a_server_that_stops_leaves_no_worker_behind(
    database: Database, tmp_path: Path
) -> None:
    workers = text("select count(*) from procrastinate_workers")
    began = monotonic()
    async with serving(database, data_dir=tmp_path):
        await mail(database)
        await until((tmp_path / "mail").exists)
        async with database.read() as connection:
            assert await connection.scalar(workers) == 1
    assert monotonic() - began < 60
    async with database.read() as connection:
        assert await connection.scalar(workers) == 0


@pytest.mark.parametrize("table", [EmailToken, Lockout, Challenge, Session])
async def test_what_is_over_is_deleted_and_nothing_else(
    table: Any, database: Database, tmp_path: Path
) -> None:
    user_id = await person(database, "ann")
    now = datetime.now(UTC)
    async with database.write() as tx:
        for age in (timedelta(days=-1), timedelta(days=60)):
            await tx.execute(insert(table).values(aged(table, user_id, now - age)))
        await jobs.defer(tx, "accounts.clean")
    async with serving(database, data_dir=tmp_path):
        async with asyncio.timeout(60):
            while await cleaning(database):
                await asyncio.sleep(0.02)
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(table)) == 1


async def cleaning(database: Database) -> bool:
    query = text("select 1 from procrastinate_jobs where task_name = 'accounts.clean'")
    async with database.read() as connection:
        return await connection.scalar(query) is not None


def aged(table: Any, user_id: str, over: datetime) -> dict[str, Any]:
    """A row that is over at that time."""
    common: dict[str, Any] = {"user_id": user_id, "expires_at": over}
    began = over - timedelta(days=2)
    return {
        EmailToken: {
            **common,
            "digest": str(over),
            "purpose": "RESET_PASSWORD",
            "email": "ann@masthead.test",
        },
        Lockout: {"subject": f"account:{over}", "failures": 1, "failed_at": over},
        Challenge: {**common, "digest": str(over), "purpose": "OIDC"},
        Session: {
            **common,
            "id": f"session_01890000-0000-7000-8000-{abs(hash(over)) % 10**12:012}",
            "method": "password",
            "created_at": began,
        },
    }[table]
