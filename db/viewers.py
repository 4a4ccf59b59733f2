"""From a session, or a key, to who is asking: one statement, all that a request must know of them."""

import hmac
from datetime import UTC, datetime, timedelta
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
    or_,
    select,
    true,
)
from sqlalchemy.types import Text

from db.models.account import Account, Identity
from db.models.factor import Passkey, Totp
from db.models.key import ApiKey
from db.models.publication import Membership
from db.models.session import Session
from db.models.user import User
from db.reading import Reads, written
from db.viewer import Viewer
from identity import opaque
from identity.opaque import Key

GIVEN: Final = bindparam("given", type_=Text())
ISSUER: Final = bindparam("issuer", type_=Text())

# How old the last renewal of a cookie's session is when it is time for the next.
RENEWED: Final = timedelta(days=1)

# How old the last use of a key is when the next is noted.
NOTICED: Final = timedelta(minutes=1)

# A person's roles, by publication.
ROLES: Final = func.coalesce(
    select(func.jsonb_object_agg(Membership.publication_id, Membership.role))
    .where(Membership.user_id == User.id)
    .scalar_subquery(),
    func.jsonb_build_object(),
)


def may_act() -> ColumnElement[bool]:
    """Whether the person may do anything at all."""
    return ~User.deactivated & ~_account(Account.disabled_at.is_not(None))


def may_sign_in() -> ColumnElement[bool]:
    """Whether a session may begin for the person: it also keeps an account that is to be deleted."""
    restorable = _account(Account.deletion_due_at > func.now())
    return ~_account(Account.disabled_at.is_not(None)) & (~User.deactivated | restorable)


def _account(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the person has such an account, also in a statement that joins the account itself."""
    return exists().where(Account.user_id == User.id, condition).correlate(User)


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
            Session.used_at < func.now() - RENEWED,
        )
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


def _key() -> Select[Any]:
    """Keys that are good: their person may act, and belongs to the publication that they are for."""
    belongs = exists().where(
        Membership.publication_id == ApiKey.publication_id, Membership.user_id == User.id
    )
    due = func.coalesce(ApiKey.used_at < func.now() - NOTICED, true())
    key: list[Any] = [ApiKey.id, ApiKey.digest, ApiKey.publication_id, ApiKey.scopes, due]
    person: list[Any] = [User.id, User.role == "SUPERUSER", ROLES]
    return (
        select(*person, *key)
        .join_from(ApiKey, User, User.id == ApiKey.user_id)
        .where(ApiKey.revoked_at.is_(None), may_act())
        .where(func.coalesce(ApiKey.expires_at > func.now(), true()))
        .where(or_(ApiKey.publication_id.is_(None), belongs))
    )


BY_KEY, _ = written(_key().where(ApiKey.public == GIVEN))
BY_IDENTITY, _ = written(_identity())
BY_ID, _ = written(_session().where(Session.id == GIVEN))
BY_COOKIE, _ = written(_session().where(Session.cookie_digest == GIVEN))


async def viewer_of_session(reads: Reads, session_id: str) -> Viewer | None:
    """Who is signed in by the session; None when it is over, or they may not act."""
    rows = await reads.fetch(BY_ID, [session_id])
    return _viewer(*rows[0]) if rows else None


async def viewer_of_cookie(reads: Reads, digest: str) -> tuple[Viewer | None, bool]:
    """Who is signed in by the session whose cookie has this digest, and whether to renew it."""
    rows = await reads.fetch(BY_COOKIE, [digest])
    return (_viewer(*rows[0]), rows[0][-1]) if rows else (None, False)


async def viewer_of_identity(reads: Reads, issuer: str, subject: str) -> Viewer | None:
    """Who is known by this name at another issuer; None is nobody, or somebody who may not act."""
    rows = await reads.fetch(BY_IDENTITY, [issuer, subject])
    return next((Viewer(id_, admin, roles=roles) for id_, admin, roles in rows), None)


async def viewer_of_key(reads: Reads, key: Key) -> tuple[Viewer | None, bool]:
    """Whom the key acts for, and whether to note its use.

    Their rights are cut down to its scopes, and to its publication if it is for one.
    """
    rows = await reads.fetch(BY_KEY, [key.public])
    if not rows:
        return None, False
    [(user_id, is_admin, roles, key_id, digest, publication_id, scopes, due)] = rows
    if not hmac.compare_digest(opaque.digest(key.secret), digest):
        return None, False
    own = {each: role for each, role in roles.items() if publication_id in (None, each)}
    viewer = Viewer(
        user_id,
        is_admin=is_admin and "ADMIN" in scopes and publication_id is None,
        publication_id=publication_id,
        is_outsider="CONTENT_READ" not in scopes,
        roles=own,
        scopes=frozenset(scopes),
        key_id=key_id,
    )
    return viewer, due


def _viewer(
    user_id: str,
    is_admin: bool,
    roles: dict[str, str],
    session_id: str,
    proven_at: float,
    strong: bool,
    has_second_factor: bool,
    _due: bool,
) -> Viewer:
    return Viewer(
        user_id,
        is_admin,
        roles=roles,
        session_id=session_id,
        proven_at=datetime.fromtimestamp(proven_at, UTC),
        strong=strong,
        has_second_factor=has_second_factor,
    )
