"""Addresses: shown to be somebody's, and changed."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.authority import Authority
from db.database import Database
from db.errors import Conflict, FieldError, Invalid
from db.mail import send_mail
from db.models.account import Account
from db.models.user import User
from db.viewer import Client, Viewer
from db.viewers import may_act
from db.writes import audit
from db.writes.accounts import email_tokens
from db.writes.accounts.passwords import prove_own_password
from db.writes.accounts.sign_up import create_account, prove_newcomer
from db.writes.addresses import email_address

PURPOSES: Final[tuple[email_tokens.Purpose, ...]] = ("SIGN_UP", "CHANGE_EMAIL")


@dataclass(frozen=True, slots=True)
class Verified:
    """Whose address it is now; `new` where they have their account since."""

    user_id: str
    new: bool


async def verify_email(
    database: Database,
    authority: Authority,
    client: Client,
    token: str,
    password: str | None = None,
    username: str | None = None,
) -> Verified:
    """Does what was asked for, now that its mail was read: makes the account, or changes the address.

    An account takes the `password` that was chosen for it, too: who only reads the mail may not be who
    asked for it. `username` is for a new account, instead of the one that was asked for.

    Raises Invalid for a token that is good for nothing, and where the password is missing;
    Unauthenticated for a wrong one, RateLimited after many; Conflict where something is taken
    meanwhile. Then nothing has changed, and the token is as good as before.
    """
    async with database.read() as connection:
        row = await email_tokens.find(connection, token, *PURPOSES)
    if row.purpose == "SIGN_UP":
        await prove_newcomer(database, authority, client, row, password)
    async with database.write() as tx:
        row = await email_tokens.find_for_use(tx, token, *PURPOSES)
        if row.purpose == "SIGN_UP":
            return Verified(await create_account(tx, client, row, username), new=True)
        await _replace(tx, client, row)
        return Verified(row.user_id, new=False)


async def change_email(
    database: Database,
    authority: Authority,
    client: Client,
    viewer: Viewer,
    email: str,
    password: str,
) -> None:
    """Mails a link to the new address; the old one stays until it is followed.

    Whether the new one belongs to somebody else is told to those alone who read its mail. Raises
    Invalid for no address, the present one, or a wrong password; RateLimited.
    """
    address = email_address(email)
    async with database.write() as tx:
        await email_tokens.require_patience(tx, client)
    present = await prove_own_password(database, authority, client, viewer, password, "password")
    if address.lower() == present.lower():
        message = "This is your address already."
        raise Invalid(message, [FieldError(("input", "email"), message)])
    async with database.write() as tx:
        await email_tokens.forget_of_person(tx, viewer.user_id)
        await tx.execute(
            update(Account)
            .where(Account.user_id == viewer.user_id)
            .values(unverified_email=address)
        )
        token = await email_tokens.issue(tx, "CHANGE_EMAIL", address, viewer.user_id)
        if await email_tokens.may_get_mail(tx, address):
            known = await _belongs_to_another(tx, address, viewer.user_id)
            template = "sign_up_known" if known else "change_email"
            link = "" if known else authority.verify_email_link(token)
            await send_mail(tx, address, template, link=link)
        await audit.record(tx, client, viewer, "email.request_change", viewer.user_id)


async def _replace(tx: AsyncConnection, client: Client, token: Any) -> None:
    user_id, address = token.user_id, token.email
    old: str | None = await tx.scalar(select(User.email).where(User.id == user_id))
    if not await tx.scalar(select(may_act()).select_from(User).where(User.id == user_id)):
        raise Conflict("This account may not be changed.")
    if await _belongs_to_another(tx, address, user_id):
        raise Conflict("This address belongs to somebody else.")
    await tx.execute(update(User).where(User.id == user_id).values(email=address))
    await email_tokens.forget_of_person(tx, user_id)
    if old is not None:
        await send_mail(tx, old, "email_changed", email=address)
    await audit.record(tx, client, Viewer(user_id), "email.change", user_id)


async def _belongs_to_another(tx: AsyncConnection, address: str, user_id: str) -> bool:
    same = func.lower(User.email) == address.lower()
    return bool(await tx.scalar(select(exists().where(same, User.id != user_id))))
