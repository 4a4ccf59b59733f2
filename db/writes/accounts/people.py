"""What operators do with people: make them, promote them, shut them out."""

from datetime import UTC, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import Conflict, NotFound
from db.ids import new_id
from db.models.account import Account
from db.models.user import User
from db.viewer import Client
from db.writes import audit
from db.writes.accounts.api_keys import revoke_api_keys
from db.writes.accounts.sessions import end_sessions
from db.writes.accounts.sign_up import Newcomer, checked, profile_of


async def create_person(
    tx: AsyncConnection, client: Client, newcomer: Newcomer, password_hash: str, *, is_admin: bool
) -> str:
    """The id of a person who can sign in; whoever was imported with the address gets the account.

    Raises Invalid for what is no address, name or username, Conflict for one that is taken.
    """
    wanted = checked(newcomer)
    user_id = await profile_of(tx, wanted.email) or await _new_person(tx, wanted)
    await tx.execute(
        insert(Account).values(
            user_id=user_id, password_hash=password_hash, password_changed_at=datetime.now(UTC)
        )
    )
    await audit.record(tx, client, None, "account.create", user_id)
    if is_admin:
        await promote(tx, client, user_id)
    return user_id


async def find_person(tx: AsyncConnection, username: str) -> tuple[str, str | None]:
    """Their id and e-mail address. Raises NotFound for nobody, and for who cannot sign in."""
    found = await tx.execute(
        select(User.id, User.email)
        .join(Account, Account.user_id == User.id)
        .where(func.lower(User.username) == username.lower())
    )
    person = found.one_or_none()
    if person is None:
        raise NotFound(f"Nobody who can sign in has the username {username}.")
    return person.id, person.email


async def promote(
    tx: AsyncConnection, client: Client, user_id: str, *, to_admin: bool = True
) -> None:
    """Makes the person an administrator of the deployment, or one no longer."""
    role = "SUPERUSER" if to_admin else "USER"
    await tx.execute(update(User).where(User.id == user_id).values(role=role))
    await audit.record(tx, client, None, "account.role_change", user_id, role=role)


async def disable(tx: AsyncConnection, client: Client, user_id: str) -> None:
    """Shuts the person out: ends their sessions and keys, and lets them not sign in again."""
    now = datetime.now(UTC)
    await tx.execute(update(Account).where(Account.user_id == user_id).values(disabled_at=now))
    await audit.record(tx, client, None, "account.disable", user_id)
    await end_sessions(tx, client, None, user_id)
    await revoke_api_keys(tx, user_id)


async def enable(tx: AsyncConnection, client: Client, user_id: str) -> None:
    """Lets the person sign in again."""
    await tx.execute(update(Account).where(Account.user_id == user_id).values(disabled_at=None))
    await audit.record(tx, client, None, "account.enable", user_id)


async def _new_person(tx: AsyncConnection, newcomer: Newcomer) -> str:
    taken = await tx.scalar(
        select(User.id).where(func.lower(User.username) == newcomer.username.lower())
    )
    if taken is not None:
        raise Conflict("This username is taken: choose another one.")
    user_id = new_id("user")
    await tx.execute(
        insert(User).values(
            id=user_id, username=newcomer.username, name=newcomer.name, email=newcomer.email
        )
    )
    return user_id
