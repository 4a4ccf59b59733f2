"""What is over is forgotten: sessions, mailed links, challenges, failures."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models.account import EmailToken, Lockout
from db.models.factor import Challenge
from db.writes.accounts.lockouts import MEMORY
from db.writes.accounts.sessions import forget_old_sessions

SESSIONS_KEPT: Final = timedelta(days=30)
"""How long a session that is over is kept: a refresh token that is stolen later still tells of it."""


async def forget_what_is_over(tx: AsyncConnection) -> None:
    """Deletes what can have no effect any longer."""
    now = datetime.now(UTC)
    await forget_old_sessions(tx, now - SESSIONS_KEPT)
    for table in (EmailToken, Challenge):
        await tx.execute(delete(table).where(table.expires_at < now))
    await tx.execute(delete(Lockout).where(Lockout.failed_at < now - MEMORY))
