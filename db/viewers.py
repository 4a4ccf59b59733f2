"""From a session to who is asking: one statement, everything that a request must know of them."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Double,
    Select,
    bindparam,
    cast,
    exists,
    extract,
    func,
    select,
)
from sqlalchemy.types import Text

from db.models.account import Account
from db.models.factor import Passkey, Totp
from db.models.publication import Membership
from db.models.session import Session
from db.models.user import User
from db.reading import Reads, written
from db.viewer import Viewer

GIVEN: Final = bindparam("given", type_=Text())

# A person's roles, by publication.
ROLES: Final = func.coalesce(
    select(func.jsonb_object_agg(Membership.publication_id, Membership.role))
    .where(Membership.user_id == User.id)
    .scalar_subquery(),
    func.jsonb_build_object(),
)


def may_act() -> ColumnElement[bool]:
    """Whether the person may do anything at all."""
    disabled = exists().where(Account.user_id == User.id, Account.disabled_at.is_not(None))
    return ~User.deactivated & ~disabled


def has_second_factor() -> ColumnElement[bool]:
    """Whether signing in takes the person more than a password."""
    totp = exists().where(Totp.user_id == User.id, Totp.confirmed_at.is_not(None))
    return totp | exists().where(Passkey.user_id == User.id)


def _session() -> Select[Any]:
    proven_at = cast(extract("epoch", Session.proven_at), Double)
    return (
        select(
            User.id,
            User.role == "SUPERUSER",
            ROLES,
            Session.id,
            proven_at,
            Session.strong,
            has_second_factor(),
        )
        .join_from(Session, User, User.id == Session.user_id)
        .where(Session.revoked_at.is_(None), Session.expires_at > func.now(), may_act())
    )


BY_ID, _ = written(_session().where(Session.id == GIVEN))
BY_COOKIE, _ = written(_session().where(Session.cookie_digest == GIVEN))


async def viewer_of_session(reads: Reads, session_id: str) -> Viewer | None:
    """Who is signed in by the session; None when it is over, or they may not act."""
    return _viewer(await reads.fetch(BY_ID, [session_id]))


async def viewer_of_cookie(reads: Reads, digest: str) -> Viewer | None:
    """Who is signed in by the session whose cookie has this digest."""
    return _viewer(await reads.fetch(BY_COOKIE, [digest]))


def _viewer(rows: list[tuple[Any, ...]]) -> Viewer | None:
    if not rows:
        return None
    [(user_id, is_admin, roles, session_id, proven_at, strong, has_second_factor)] = rows
    return Viewer(
        user_id,
        is_admin,
        roles=roles,
        session_id=session_id,
        proven_at=datetime.fromtimestamp(proven_at, UTC),
        strong=strong,
        has_second_factor=has_second_factor,
    )
