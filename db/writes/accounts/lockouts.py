"""Lockouts: who fails to prove something again and again has to wait longer each time.

Failures are counted by account, by second factor and by network address, in the database, so that all
servers count together. An account is counted under its e-mail address whether there is one or not. Its
second factor counts apart: who knows the password cannot start that count anew.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Final

from sqlalchemy import case, delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import RateLimited
from db.models.account import Lockout
from db.viewer import network_of

FREE: Final = {"account": 5, "factor": 5, "address": 20}
"""How many failures cost no time, by the kind of subject."""
FIRST: Final = timedelta(seconds=15)
"""How long the next one does; each after it twice as long, up to LONGEST."""
LONGEST: Final = timedelta(minutes=15)
MEMORY: Final = timedelta(hours=24)
"""How long after the last failure it is forgotten."""


def account(email: str) -> str:
    """The subject of a person's failures, however the address is written; the table names nobody."""
    return f"account:{sha256(email.strip().lower().encode()).hexdigest()}"


def factor(user_id: str) -> str:
    """The subject of a person's failures to show a second factor."""
    return f"factor:{sha256(user_id.encode()).hexdigest()}"


def address(client_address: str | None) -> list[str]:
    """The subject of a network's failures, if it is known."""
    return [] if client_address is None else [f"address:{network_of(client_address)}"]


async def attempt(tx: AsyncConnection, subjects: Sequence[str]) -> None:
    """Counts an attempt of each subject as failed, until `succeed` says otherwise.

    That is done before the attempt is looked at: many at once would all be free else. Raises
    RateLimited while one of the subjects has to wait.
    """
    now = datetime.now(UTC)
    ordered = sorted(subjects)  # In one order, so that two never wait for each other.
    until = max((each for each in await _locks(tx, ordered, now) if each), default=now)
    if until > now:
        seconds = ceil((until - now).total_seconds())
        raise RateLimited("Too many attempts: try again later.", seconds)
    for subject in ordered:
        await _count(tx, subject, now)


async def succeed(tx: AsyncConnection, account: str, others: Sequence[str]) -> None:
    """The attempt was right: the account starts anew, the others have one failure less.

    Not none: signing in to an account of one's own buys no more attempts at those of others.
    """
    await tx.execute(delete(Lockout).where(Lockout.subject == account))
    await tx.execute(
        update(Lockout)
        .where(Lockout.subject.in_(others))
        .values(failures=func.greatest(Lockout.failures - 1, 0), locked_until=None)
    )


async def _locks(
    tx: AsyncConnection, subjects: Sequence[str], now: datetime
) -> Sequence[datetime | None]:
    """Until when the subjects are locked; others who attempt for one of them wait for us.

    Each has a row from now on: nobody could wait for one that is not there.
    """
    fresh = [{"subject": subject, "failures": 0, "failed_at": now} for subject in subjects]
    statement = insert(Lockout).values(fresh)
    rows = await tx.scalars(
        statement.on_conflict_do_update(
            index_elements=[Lockout.subject], set_={"subject": statement.excluded.subject}
        ).returning(Lockout.locked_until)
    )
    return rows.all()


async def _count(tx: AsyncConnection, subject: str, now: datetime) -> None:
    counted = await tx.scalar(
        update(Lockout)
        .where(Lockout.subject == subject)
        .values(
            failures=case((Lockout.failed_at < now - MEMORY, 1), else_=Lockout.failures + 1),
            failed_at=now,
        )
        .returning(Lockout.failures)
    )
    wait = waiting_time(subject.partition(":")[0], counted or 0)
    await tx.execute(
        update(Lockout)
        .where(Lockout.subject == subject)
        .values(locked_until=now + wait if wait else None)
    )


def waiting_time(kind: str, failures: int) -> timedelta:
    """How long to wait after so many failures of such a subject."""
    beyond = failures - FREE[kind]
    return min(FIRST * 2 ** min(beyond - 1, 10), LONGEST) if beyond > 0 else timedelta(0)
