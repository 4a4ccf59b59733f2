"""What came of a sign-in."""

from typing import Any

from sqlalchemy import func, select

from db.database import Database
from db.models.account import Account, Identity
from db.models.audit import AuditEvent
from db.models.session import Session
from db.models.user import User
from tests.browsing import Browser


async def count(database: Database, table: type[Any]) -> int:
    async with database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def codes(database: Database) -> list[str]:
    """The codes of the failures in the audit log."""
    async with database.read() as connection:
        details = await connection.scalars(
            select(AuditEvent.details).where(AuditEvent.action == "identity.verify")
        )
    return [each["code"] for each in details]


async def nobody_came_in(database: Database, browser: Browser) -> None:
    assert await browser.me() == "UNAUTHENTICATED"
    for table in (Identity, Account, User, Session):
        assert await count(database, table) == 0
