"""Authenticator apps (TOTP): set up, turned on by a first code, used, turned off."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.authority import Authority
from db.errors import Conflict, NotFound
from db.models.factor import Totp
from db.models.user import User
from db.viewer import Client, Viewer
from db.writes import audit
from db.writes.accounts.notices import notify
from db.writes.accounts.recovery import codes_unless_some_are_left, forget_codes_without_factor
from db.writes.accounts.sessions import strengthen
from identity.secrets import Keyring
from identity.totp import address_of, new_seed, step_of


@dataclass(frozen=True, slots=True)
class Seed:
    """What the person's app needs: the seed in base32, and as an `otpauth:` address."""

    secret: str
    address: str


async def set_up_totp(
    tx: AsyncConnection, authority: Authority, client: Client, viewer: Viewer
) -> Seed:
    """A seed that counts once a code of it was confirmed; an earlier one that was not is forgotten.

    Raises Conflict where an app is in use already.
    """
    seed = new_seed()
    fresh = {"seed": authority.keyring.seal(seed), "last_step": 0, "created_at": datetime.now(UTC)}
    stored = await tx.execute(
        insert(Totp)
        .values(user_id=viewer.user_id, **fresh)
        .on_conflict_do_update(
            index_elements=[Totp.user_id], set_=fresh, where=Totp.confirmed_at.is_(None)
        )
        .returning(Totp.user_id)
    )
    if stored.one_or_none() is None:
        raise Conflict("An authenticator app is in use: turn it off first.")
    await audit.record(tx, client, viewer, "totp.set_up", viewer.user_id)
    username = await tx.scalar(select(User.username).where(User.id == viewer.user_id))
    return Seed(seed, address_of(seed, username or "", authority.relying_party.id))


async def confirm_totp(
    tx: AsyncConnection, authority: Authority, client: Client, viewer: Viewer, code: str
) -> list[str] | None:
    """Turns the app on that was set up, for a right code of it; None for a wrong one.

    Gives recovery codes, unless the viewer has some. The code is used up, and the session is as strong
    as if the viewer had signed in with it. Raises NotFound where nothing waits to be confirmed.
    """
    row = await _locked(tx, viewer.user_id)
    if row is None or row.confirmed_at is not None:
        raise NotFound("No authenticator app waits to be confirmed.")
    if not await _use(tx, authority.keyring, row, code, confirmed_at=datetime.now(UTC)):
        return None
    await strengthen(tx, viewer)
    await audit.record(tx, client, viewer, "totp.enable", viewer.user_id)
    await notify(tx, viewer.user_id, "An authenticator app was added as a second factor.")
    return await codes_unless_some_are_left(tx, viewer.user_id)


async def disable_totp(tx: AsyncConnection, client: Client, viewer: Viewer) -> None:
    """Turns the viewer's app off; raises NotFound where none is on."""
    done = await tx.execute(
        delete(Totp).where(Totp.user_id == viewer.user_id, Totp.confirmed_at.is_not(None))
    )
    if done.rowcount == 0:
        raise NotFound("No authenticator app is in use.")
    await forget_codes_without_factor(tx, viewer.user_id)
    await audit.record(tx, client, viewer, "totp.disable", viewer.user_id)
    await notify(tx, viewer.user_id, "The authenticator app was removed as a second factor.")


async def use_totp_code(tx: AsyncConnection, keyring: Keyring, user_id: str, code: str) -> bool:
    """Whether the code is of the person's app, and of a later step than any that was used."""
    row = await _locked(tx, user_id)
    return row is not None and row.confirmed_at is not None and await _use(tx, keyring, row, code)


async def _locked(tx: AsyncConnection, user_id: str) -> Any:
    """The person's app; whoever uses it too waits for us."""
    found = await tx.execute(
        select(Totp.user_id, Totp.seed, Totp.last_step, Totp.confirmed_at)
        .where(Totp.user_id == user_id)
        .with_for_update()
    )
    return found.one_or_none()


async def _use(
    tx: AsyncConnection, keyring: Keyring, row: Any, code: str, **more: datetime
) -> bool:
    step = step_of(keyring.open(row.seed), code, datetime.now(UTC))
    if step is None or step <= row.last_step:
        return False
    await tx.execute(update(Totp).where(Totp.user_id == row.user_id).values(last_step=step, **more))
    return True
