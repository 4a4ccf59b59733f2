"""Mail to people about what was done to their account, in case that it was not them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.mail import send_mail
from db.models.user import User


async def notify(tx: AsyncConnection, user_id: str, what: str) -> None:
    """Tells the person what was done, in a sentence, where an address of theirs is known."""
    email: str | None = await tx.scalar(select(User.email).where(User.id == user_id))
    if email is not None:
        await send_mail(tx, email, "security", what=what)
