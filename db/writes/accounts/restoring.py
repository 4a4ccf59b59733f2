"""Accounts that are to be deleted, for as long as they can be had back."""

from datetime import UTC, datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models.account import Account
from db.models.user import User
from db.viewer import Client, Viewer
from db.writes import audit


async def restore(tx: AsyncConnection, client: Client, user_id: str) -> None:
    """Calls the deletion of the person's account off, if there is one to come."""
    kept: str | None = await tx.scalar(
        update(Account)
        .where(Account.user_id == user_id, Account.deletion_due_at > datetime.now(UTC))
        .values(deletion_due_at=None, deletion_removes_posts=False)
        .returning(Account.user_id)
    )
    if kept is not None:
        await tx.execute(update(User).where(User.id == user_id).values(deactivated=False))
        await audit.record(tx, client, Viewer(user_id), "account.restore", user_id)
