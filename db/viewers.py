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

from db.models.account import Account, Identity
from db.models.publication import Membership
from db.models.session import Session
from db.models.user import User
from db.reading import Reads, written
from db.viewer import Viewer

GIVEN: Final = bindparam("given", type_=Text())
ISSUER: Final = bindparam("issuer", type_=Text())

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


def _session() -> Select[Any]:
    proven_at = cast(extract("epoch", Session.proven_at), Double)
    return (
        select(User.id, User.role == "SUPERUSER", ROLES, Session.id, proven_at, Session.strong)
        .join_from(Session, User, User.id == Session.user_id)
        .where(Session.revoked_at.is_(None), Session.expires_at > func.now(), may_act())
    )


def _identity() -> Select[Any]:
    columns: list[Any] = [User.id, User.role == "SUPERUSER", ROLES]
    return (
        select(*columns)
        .join_from(Identity, User, User.id == Identity.user_id)
        .where(Identity.issuer == ISSUER, Identity.subject == GIVEN, may_act())
    )


BY_IDENTITY, _ = written(_identity())
BY_ID, _ = written(_session().where(Session.id == GIVEN))
BY_COOKIE, _ = written(_session().where(Session.cookie_digest == GIVEN))


async def viewer_of_session(reads: Reads, session_id: str) -> Viewer | None:
    """Who is signed in by the session; None when it is over, or they may not act."""
    return _viewer(await reads.fetch(BY_ID, [session_id]))


async def viewer_of_cookie(reads: Reads, digest: str) -> Viewer | None:
    """Who is signed in by the session whose cookie has this digest."""
    return _viewer(await reads.fetch(BY_COOKIE, [digest]))


async def viewer_of_identity(reads: Reads, issuer: str, subject: str) -> Viewer | None:
    """Who is known by this name at another issuer; None is nobody, or somebody who may not act."""
    rows = await reads.fetch(BY_IDENTITY, [issuer, subject])
    return next((Viewer(id_, admin, roles=roles) for id_, admin, roles in rows), None)


def _viewer(rows: list[tuple[Any, ...]]) -> Viewer | None:
    if not rows:
        return None
    [(user_id, is_admin, roles, session_id, proven_at, strong)] = rows
    return Viewer(
        user_id,
        is_admin,
        roles=roles,
        session_id=session_id,
        proven_at=datetime.fromtimestamp(proven_at, UTC),
        strong=strong,
    )
