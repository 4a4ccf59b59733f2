"""Signing in with a password, and changing it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.authority import Authority
from db.database import Database
from db.errors import FieldError, Invalid, Unauthenticated
from db.mail import send_mail
from db.models.account import Account
from db.models.user import User
from db.viewer import Client, Viewer
from db.viewers import may_sign_in
from db.writes import audit
from db.writes.accounts import lockouts
from db.writes.accounts.email_tokens import forget_of_person
from db.writes.accounts.sessions import end_sessions
from identity.passwords import Weak, require_strong

WRONG = "The e-mail address or the password is wrong."


@dataclass(frozen=True, slots=True)
class Proven:
    """A person who has given the right password, which they have `since`."""

    user_id: str
    since: datetime | None


async def prove_password(
    database: Database, authority: Authority, client: Client, email: str, password: str
) -> Proven:
    """The person with this address and password.

    Raises Unauthenticated, RateLimited after many failures; alike, and as slowly, whether there is
    such an account or not.
    """
    subject, others = lockouts.account(email), lockouts.address(client.address)
    async with database.write() as tx:
        await lockouts.attempt(tx, [subject, *others])
        account = await _account(tx, email)
    matches = await authority.hasher.verify(account and account.password_hash, password)
    if account is None or not matches or not account.may_sign_in:
        async with database.write() as tx:
            target = account and account.user_id
            await audit.record(tx, client, None, "password.verify", target, "FAILURE")
        raise Unauthenticated(WRONG)
    rehashed = None
    if authority.hasher.is_outdated(account.password_hash):
        rehashed = await authority.hasher.hash(password)
    async with database.write() as tx:
        await lockouts.succeed(tx, subject, others)
        if rehashed is not None:
            await _replace(tx, account.user_id, account.password_hash, rehashed)
    return Proven(account.user_id, account.password_changed_at)


async def require_still(tx: AsyncConnection, proven: Proven) -> None:
    """Raises Unauthenticated when the password was changed meanwhile; keeps it for the transaction.

    A session with the old one might else begin after the change has ended all others.
    """
    found = await tx.scalar(
        select(Account.user_id)
        .where(
            Account.user_id == proven.user_id,
            Account.password_changed_at.is_not_distinct_from(proven.since),
        )
        .with_for_update(read=True)
    )
    if found is None:
        raise Unauthenticated(WRONG)


async def hashed(authority: Authority, password: str, path: tuple[str, ...], *personal: str) -> str:
    """The hash of a new password; raises Invalid, at `path`, for a weak one."""
    try:
        require_strong(password, personal)
    except Weak as weak:
        raise Invalid(str(weak), [FieldError(path, str(weak))]) from None
    return await authority.hasher.hash(password)


async def prove_own_password(
    database: Database,
    authority: Authority,
    client: Client,
    viewer: Viewer,
    password: str,
    field: str,
) -> str:
    """The viewer's address, once they have given their password.

    Raises Invalid, at the input's `field`, for a wrong one; RateLimited after many.
    """
    async with database.read() as connection:
        email: str | None = await connection.scalar(
            select(User.email).where(User.id == viewer.user_id)
        )
    try:
        await prove_password(database, authority, client, email or "", password)
    except Unauthenticated:
        message = "This is not the password."
        raise Invalid(message, [FieldError(("input", field), message)]) from None
    return email or ""


async def change_password(
    database: Database,
    authority: Authority,
    client: Client,
    viewer: Viewer,
    current: str,
    new: str,
) -> None:
    """Changes the viewer's password; ends all their sessions but this one.

    Raises Invalid for a wrong current or a weak new one, RateLimited after many wrong ones.
    """
    email = await prove_own_password(
        database, authority, client, viewer, current, "currentPassword"
    )
    stored = await hashed(authority, new, ("input", "newPassword"), email)
    async with database.write() as tx:
        await set_password(tx, client, viewer, viewer.user_id, stored)


async def set_password(
    tx: AsyncConnection,
    client: Client,
    viewer: Viewer | None,
    user_id: str,
    password_hash: str,
) -> None:
    """Sets the password, and signs the person out everywhere else; tells them by mail.

    Links that were mailed for them are good for nothing from now on: whoever asked for those may be the
    reason for the change.
    """
    values = {"password_hash": password_hash, "password_changed_at": datetime.now(UTC)}
    await tx.execute(
        insert(Account)
        .values(user_id=user_id, **values)
        .on_conflict_do_update(index_elements=[Account.user_id], set_=values)
    )
    await forget_of_person(tx, user_id)
    await audit.record(tx, client, viewer, "password.change", user_id)
    await end_sessions(tx, client, viewer, user_id, but=viewer.session_id if viewer else None)
    email: str | None = await tx.scalar(select(User.email).where(User.id == user_id))
    if email is not None:
        await send_mail(tx, email, "password_changed")


async def _account(tx: AsyncConnection, email: str) -> Any:
    found = await tx.execute(
        select(
            Account.user_id,
            Account.password_hash,
            Account.password_changed_at,
            may_sign_in().label("may_sign_in"),
        )
        .join(User, User.id == Account.user_id)
        .where(func.lower(User.email) == email.strip().lower())
    )
    return found.one_or_none()


async def _replace(tx: AsyncConnection, user_id: str, old: str, new: str) -> None:
    """Stores the same password, hashed anew, unless it was changed meanwhile."""
    await tx.execute(
        update(Account)
        .where(Account.user_id == user_id, Account.password_hash == old)
        .values(password_hash=new)
    )
