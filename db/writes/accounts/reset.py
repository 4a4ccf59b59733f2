"""A new password for those who have forgotten theirs, by a link that is mailed to them.

Looking for the account is the worker's part: a request does the same work for every address, and so
tells nothing by its time either.
"""

from typing import Any, Final

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db import jobs
from db.authority import Authority
from db.database import Database
from db.mail import send_mail
from db.models.account import Account
from db.models.user import User
from db.viewer import Client
from db.viewers import may_act
from db.writes import audit
from db.writes.accounts import email_tokens, lockouts
from db.writes.accounts.passwords import hashed, set_password
from db.writes.addresses import email_address

REQUESTED: Final = "password_reset.requested"


async def request_password_reset(tx: AsyncConnection, client: Client, email: str) -> None:
    """Has a link mailed to the address, if there is an account with it.

    Raises Invalid for no address, RateLimited.
    """
    address = email_address(email)
    await email_tokens.require_patience(tx, client)
    if await email_tokens.may_get_mail(tx, address):
        await jobs.defer(tx, REQUESTED, email=address)


async def mail_reset(tx: AsyncConnection, authority: Authority, email: str) -> None:
    """Mails the link to the account with this address, if there is one that may act."""
    found = await tx.execute(
        select(User.id, User.email)
        .where(func.lower(User.email) == email.lower(), may_act())
        .where(exists().where(Account.user_id == User.id))
    )
    person = found.one_or_none()
    if person is not None:
        token = await email_tokens.issue(tx, "RESET_PASSWORD", person.email, person.id)
        link = authority.reset_password_link(token)
        await send_mail(tx, person.email, "reset_password", link=link)


async def reset_password(
    database: Database, authority: Authority, client: Client, token: str, new: str
) -> str:
    """Sets the password, and ends all sessions; whose it is.

    No other link that was mailed for the person is good any longer, nor an address that waited to be
    theirs; and they may try to sign in at once, however many have tried in vain. Raises Invalid for a
    token that is good for nothing, or a weak password: then the token is as good as before.
    """
    async with database.read() as connection:
        row = await email_tokens.find(connection, token, "RESET_PASSWORD")
    path = ("input", "newPassword")
    stored = await hashed(authority, new, path, row.email, row.email.partition("@")[0])
    async with database.write() as tx:
        row = await email_tokens.find_for_use(tx, token, "RESET_PASSWORD")
        await _require_account(tx, row)
        await set_password(tx, client, None, row.user_id, stored)
        await lockouts.succeed(tx, lockouts.account(row.email), [])
        await audit.record(tx, client, None, "password.reset", row.user_id)
    return str(row.user_id)


async def _require_account(tx: AsyncConnection, token: Any) -> None:
    """Raises Invalid where the account may not act, or has another address by now."""
    own = (User.id == token.user_id) & (func.lower(User.email) == token.email.lower())
    if not await tx.scalar(select(User.id).where(own, may_act())):
        raise email_tokens.not_valid()
