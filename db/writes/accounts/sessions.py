"""Sessions: begun by a sign-in, renewed by refresh tokens, ended by the person or by time.

A refresh token is used once (RFC 9700, section 4.14.2): it leads to its successor. Presenting a used one
again gives the same successor for GRACE, in case that the answer was lost; later it is a theft, and
ends the session.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.authority import Authority
from db.errors import NotFound
from db.ids import new_id
from db.models.session import RefreshToken, Session
from db.models.user import User
from db.viewer import Client, Viewer
from db.viewers import may_act
from db.writes import audit
from db.writes.accounts import challenges
from db.writes.accounts.restoring import restore
from identity import opaque

IDLE: Final = timedelta(days=30)
"""How long a session lasts without being used."""
GRACE: Final = timedelta(seconds=10)
REFRESH: Final = "refresh tokens"


@dataclass(frozen=True, slots=True)
class Started:
    """A new session. `token` is the cookie's or the first refresh token, and stands nowhere else."""

    id: str
    user_id: str
    token: str
    expires_at: datetime


async def start_session(
    tx: AsyncConnection,
    client: Client,
    user_id: str,
    method: str,
    *,
    strong: bool = False,
    cookie: bool = False,
) -> Started:
    """Signs the person in, who has proven by `method` who they are. Nothing of the client's is reused.

    An account that was to be deleted is kept.
    """
    token, expires_at = opaque.new_token(), datetime.now(UTC) + IDLE
    session_id = new_id("session")
    await tx.execute(
        insert(Session).values(
            id=session_id,
            user_id=user_id,
            method=method,
            strong=strong,
            cookie_digest=opaque.digest(token) if cookie else None,
            user_agent=client.user_agent,
            address=client.address,
            expires_at=expires_at,
        )
    )
    if not cookie:
        await _store(tx, session_id, token)
    await restore(tx, client, user_id)
    viewer = Viewer(user_id, session_id=session_id)
    await audit.record(tx, client, viewer, "session.start", session_id, method=method)
    return Started(session_id, user_id, token, expires_at)


async def refresh_session(
    tx: AsyncConnection, authority: Authority, client: Client, token: str
) -> Started | None:
    """The session with its next refresh token; None where the token is good for nothing.

    None must be reported after the transaction was committed: it may have ended the session.
    """
    row = await _presented(tx, token)
    if row is None:
        return None
    now = datetime.now(UTC)
    if row.revoked_at is not None or row.expires_at <= now or not row.may_act:
        return None
    keys = authority.keyring.derivations(REFRESH)
    successors = [opaque.successor(token, row.salt, key) for key in keys]
    if row.used_at is None:
        await _use(tx, row, successors[0], client, now)
        return Started(row.session_id, row.user_id, successors[0], now + IDLE)
    again = await _unused(tx, successors) if now - row.used_at <= GRACE else None
    if again is None:
        await _end_stolen(tx, client, row)
        return None
    return Started(row.session_id, row.user_id, again, now + IDLE)


async def renew_session(tx: AsyncConnection, session_id: str) -> None:
    """Lets a session that is in use, and not over, last for IDLE from now."""
    now = datetime.now(UTC)
    await tx.execute(
        update(Session)
        .where(Session.id == session_id, Session.revoked_at.is_(None), Session.expires_at > now)
        .values(used_at=now, expires_at=now + IDLE)
    )


async def prove_again(tx: AsyncConnection, viewer: Viewer, *, strong: bool) -> None:
    """The viewer has just proven, in their session, who they are; `strong`: with a second factor."""
    values = {"proven_at": datetime.now(UTC), "strong": strong}
    await tx.execute(update(Session).where(Session.id == viewer.session_id).values(values))


async def strengthen(tx: AsyncConnection, viewer: Viewer) -> None:
    """The viewer's session now counts as begun with a second factor: they have shown a new one."""
    await tx.execute(update(Session).where(Session.id == viewer.session_id).values(strong=True))


async def end_session(tx: AsyncConnection, client: Client, viewer: Viewer, session_id: str) -> None:
    """Signs the viewer out there. Raises NotFound for a session that is not theirs, or over."""
    done = await tx.execute(
        update(Session)
        .where(Session.id == session_id, Session.user_id == viewer.user_id)
        .where(Session.revoked_at.is_(None), Session.expires_at > datetime.now(UTC))
        .values(revoked_at=datetime.now(UTC))
    )
    if done.rowcount == 0:
        raise NotFound("There is no such session.")
    await audit.record(tx, client, viewer, "session.end", session_id)


async def end_sessions(
    tx: AsyncConnection,
    client: Client,
    viewer: Viewer | None,
    user_id: str,
    *,
    but: str | None = None,
) -> Sequence[str]:
    """Signs the person out everywhere, except in the session `but`; the sessions that were ended.

    A sign-in that waits for a second factor is over, too: whoever began it may be the reason for this.
    """
    await challenges.forget(tx, user_id, "SECOND_FACTOR")
    ended = await tx.scalars(
        update(Session)
        .where(Session.user_id == user_id, Session.revoked_at.is_(None))
        .where(Session.id.is_distinct_from(but))
        .values(revoked_at=datetime.now(UTC))
        .returning(Session.id)
    )
    sessions = ended.all()
    await audit.record(tx, client, viewer, "session.end_all", user_id, sessions=len(sessions))
    return sessions


async def forget_old_sessions(tx: AsyncConnection, before: datetime) -> int:
    """Deletes the sessions that were over by then; how many there were."""
    over = (Session.expires_at < before) | (Session.revoked_at < before)
    done = await tx.execute(delete(Session).where(over))
    return done.rowcount


async def _presented(tx: AsyncConnection, token: str) -> Any:
    """The token's row with its session's and its person's; whoever presents it too waits for us."""
    found = await tx.execute(
        select(
            RefreshToken.digest,
            RefreshToken.session_id,
            RefreshToken.salt,
            RefreshToken.used_at,
            Session.user_id,
            Session.revoked_at,
            Session.expires_at,
            may_act().label("may_act"),
        )
        .join(Session, Session.id == RefreshToken.session_id)
        .join(User, User.id == Session.user_id)
        .where(RefreshToken.digest == opaque.digest(token))
        .with_for_update(of=(RefreshToken, Session))
    )
    return found.one_or_none()


async def _use(
    tx: AsyncConnection, row: Any, following: str, client: Client, now: datetime
) -> None:
    await tx.execute(
        update(RefreshToken).where(RefreshToken.digest == row.digest).values(used_at=now)
    )
    await _store(tx, row.session_id, following)
    await tx.execute(
        update(Session)
        .where(Session.id == row.session_id)
        .values(
            used_at=now,
            expires_at=now + IDLE,
            address=client.address,
            user_agent=client.user_agent,
        )
    )


async def _store(tx: AsyncConnection, session_id: str, token: str) -> None:
    await tx.execute(
        insert(RefreshToken).values(
            digest=opaque.digest(token), session_id=session_id, salt=opaque.new_token()
        )
    )


async def _unused(tx: AsyncConnection, tokens: Sequence[str]) -> str | None:
    """The one that was given out and not used: which secret it was derived with may have changed since."""
    by_digest = {opaque.digest(token): token for token in tokens}
    found: str | None = await tx.scalar(
        select(RefreshToken.digest).where(
            RefreshToken.digest.in_(by_digest), RefreshToken.used_at.is_(None)
        )
    )
    return None if found is None else by_digest[found]


async def _end_stolen(tx: AsyncConnection, client: Client, row: Any) -> None:
    """Two have the token, and nobody knows which of them is the thief: the session ends for both."""
    await tx.execute(
        update(Session).where(Session.id == row.session_id).values(revoked_at=datetime.now(UTC))
    )
    viewer = Viewer(row.user_id, session_id=row.session_id)
    await audit.record(tx, client, viewer, "session.reuse", row.session_id, "FAILURE")
