"""Recovery codes: each stands in for a second factor once."""

from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import NotFound
from db.models.factor import RecoveryCode
from db.models.user import User
from db.viewer import Client, Viewer
from db.viewers import has_second_factor
from db.writes import audit
from db.writes.accounts.notices import notify
from identity.recovery import code_digest, new_codes


async def regenerate_recovery_codes(
    tx: AsyncConnection, client: Client, viewer: Viewer
) -> list[str]:
    """The viewer's new codes, in place of all earlier ones.

    Raises NotFound where there is no second factor that they could stand in for.
    """
    if not await has_factor(tx, viewer.user_id):
        raise NotFound("There is no second factor to recover.")
    await _forget(tx, viewer.user_id)
    codes = await _make(tx, viewer.user_id)
    await audit.record(tx, client, viewer, "recovery_codes.regenerate", viewer.user_id)
    await notify(tx, viewer.user_id, "The recovery codes were replaced by new ones.")
    return codes


async def codes_unless_some_are_left(tx: AsyncConnection, user_id: str) -> list[str]:
    """New codes for a person who has a new second factor; none where codes of theirs are left."""
    left: int | None = await tx.scalar(
        select(1).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)).limit(1)
    )
    return [] if left else await _make(tx, user_id)


async def forget_codes_without_factor(tx: AsyncConnection, user_id: str) -> None:
    """Deletes the codes of a person whose last second factor is gone: they stand in for nothing."""
    if not await has_factor(tx, user_id):
        await _forget(tx, user_id)


async def use_recovery_code(tx: AsyncConnection, user_id: str, code: str) -> bool:
    """Whether the code is one of the person's that was not used before; it is used now."""
    used = await tx.execute(
        update(RecoveryCode)
        .where(RecoveryCode.digest == code_digest(code), RecoveryCode.user_id == user_id)
        .where(RecoveryCode.used_at.is_(None))
        .values(used_at=datetime.now(UTC))
    )
    if used.rowcount == 0:
        return False
    await notify(tx, user_id, "A recovery code was used.")
    return True


async def has_factor(tx: AsyncConnection, user_id: str) -> bool:
    """Whether the person has a second factor now."""
    return bool(await tx.scalar(select(has_second_factor()).where(User.id == user_id)))


async def _make(tx: AsyncConnection, user_id: str) -> list[str]:
    codes = new_codes()
    rows = [{"digest": code_digest(code), "user_id": user_id} for code in codes]
    await tx.execute(insert(RecoveryCode), rows)
    return codes


async def _forget(tx: AsyncConnection, user_id: str) -> None:
    await tx.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
