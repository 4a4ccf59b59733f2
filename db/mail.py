"""Mail that is sent once a transaction is committed, and only then."""

from sqlalchemy.ext.asyncio import AsyncConnection

from db import jobs

TASK = "mail.send"


async def send_mail(tx: AsyncConnection, to: str, template: str, **facts: str) -> None:
    """Sends the mail of this template (`app/mail/templates`), with the facts filled in, to one address."""
    await jobs.defer(tx, TASK, to=to, template=template, facts={**facts})
