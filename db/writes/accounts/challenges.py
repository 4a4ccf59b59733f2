"""Challenges: what was asked of somebody, and is to be answered once, within LIFETIME."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models.factor import Challenge
from db.models.user import User
from db.viewers import may_sign_in
from identity import opaque

Purpose = Literal["SECOND_FACTOR", "PASSKEY_REGISTRATION", "PASSKEY_ASSERTION", "OIDC"]

LIFETIME: Final = timedelta(minutes=5)
MOST: Final = 5
"""How many answers may be tried where more than one may."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A new challenge: `token` finds it, and stands nowhere else."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A challenge that is being answered: of whom, if that is known, and what its answer needs."""

    user_id: str | None
    details: dict[str, Any]


async def ask(
    tx: AsyncConnection,
    purpose: Purpose,
    user_id: str | None,
    lifetime: timedelta = LIFETIME,
    **details: object,
) -> Asked:
    """Stores a challenge."""
    token, expires_at = opaque.new_token(), datetime.now(UTC) + lifetime
    await tx.execute(
        insert(Challenge).values(
            digest=opaque.digest(token),
            purpose=purpose,
            user_id=user_id,
            details=details,
            expires_at=expires_at,
        )
    )
    return Asked(token, expires_at)


async def take(tx: AsyncConnection, token: str, purpose: Purpose) -> Waiting | None:
    """The challenge with this token, for the first who asks: it is gone. None where there is none."""
    found = await tx.execute(
        delete(Challenge)
        .where(*_open(token, purpose))
        .returning(Challenge.user_id, Challenge.details)
    )
    row = found.one_or_none()
    return None if row is None else Waiting(row.user_id, row.details)


async def attempt(tx: AsyncConnection, token: str, purpose: Purpose) -> Waiting | None:
    """The challenge, of a person who may sign in; counts one more failure until it is taken.

    None where there is none, or MOST answers have been tried.
    """
    found = await tx.execute(
        update(Challenge)
        .where(*_open(token, purpose), *_answerable())
        .values(failures=Challenge.failures + 1)
        .returning(Challenge.user_id, Challenge.details)
    )
    row = found.one_or_none()
    return None if row is None else Waiting(row.user_id, row.details)


async def exchange(
    tx: AsyncConnection, token: str, purpose: Purpose
) -> tuple[Asked, Waiting] | None:
    """The challenge, as `attempt` has it, under another token; the one that was given finds nothing more.

    It has as much time and as many answers left as before.
    """
    fresh = opaque.new_token()
    found = await tx.execute(
        update(Challenge)
        .where(*_open(token, purpose), *_answerable())
        .values(digest=opaque.digest(fresh))
        .returning(Challenge.user_id, Challenge.details, Challenge.expires_at)
    )
    row = found.one_or_none()
    if row is None:
        return None
    return Asked(fresh, row.expires_at), Waiting(row.user_id, row.details)


async def forget(tx: AsyncConnection, user_id: str, purpose: Purpose) -> None:
    """No answer of the person's counts any longer."""
    await tx.execute(
        delete(Challenge).where(Challenge.user_id == user_id, Challenge.purpose == purpose)
    )


def _answerable() -> tuple[ColumnElement[bool], ...]:
    able = select(User.id).where(may_sign_in())
    return Challenge.failures < MOST, Challenge.user_id.in_(able)


def _open(token: str, purpose: Purpose) -> tuple[ColumnElement[bool], ...]:
    return (
        Challenge.digest == opaque.digest(token),
        Challenge.purpose == purpose,
        Challenge.expires_at > datetime.now(UTC),
    )
