"""API keys: made by people, for programs that act for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from db.ids import new_id
from db.models.key import ApiKey
from db.viewer import Client, Viewer
from db.visibility import api_key_is_visible
from db.writes import audit
from identity import opaque

LIFETIME: Final = timedelta(days=90)
"""How long a key lasts unless it is said."""
LONGEST_NAME: Final = 100
MOST: Final = 100
"""How many good keys a person may have."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new key; `secret` is all of it, and stands nowhere else."""

    id: str
    secret: str


async def create_api_key(
    tx: AsyncConnection,
    client: Client,
    viewer: Viewer,
    name: str,
    scopes: Sequence[str],
    publication_id: str | None = None,
    expires_at: datetime | None = None,
) -> Made:
    """A key of the viewer's with these scopes, for one publication of theirs or for all.

    Raises Invalid for a name that is blank or too long, no scope, or a moment that has passed;
    Forbidden for ADMIN when the viewer is none, or for a publication; NotFound for a publication that
    the viewer does not belong to; Conflict when they have too many keys.
    """
    _check(name, scopes, expires_at)
    if "ADMIN" in scopes and (not viewer.is_admin or publication_id is not None):
        raise Forbidden("Only an administrator's key for everything can have the scope ADMIN.")
    if publication_id is not None and publication_id not in viewer.roles:
        raise NotFound("There is no such publication.")
    await _require_few(tx, viewer.user_id)
    key, key_id = opaque.new_key(), new_id("key")
    await tx.execute(
        insert(ApiKey).values(
            id=key_id,
            user_id=viewer.user_id,
            publication_id=publication_id,
            name=name.strip(),
            public=key.public,
            digest=opaque.digest(key.secret),
            scopes=sorted(set(scopes)),
            expires_at=expires_at or datetime.now(UTC) + LIFETIME,
        )
    )
    await audit.record(tx, client, viewer, "api_key.create", key_id, scopes=sorted(set(scopes)))
    return Made(key_id, str(key))


async def revoke_api_key(tx: AsyncConnection, client: Client, viewer: Viewer, key_id: str) -> str:
    """Ends a key of the viewer's, or one for a publication that they own; the person it acted for.

    Raises NotFound for any other, and for one that has ended.
    """
    user_id: str | None = await tx.scalar(
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None), api_key_is_visible(viewer))
        .values(revoked_at=datetime.now(UTC))
        .returning(ApiKey.user_id)
    )
    if user_id is None:
        raise NotFound("There is no such key.")
    await audit.record(tx, client, viewer, "api_key.revoke", key_id)
    return user_id


async def revoke_api_keys(tx: AsyncConnection, user_id: str) -> int:
    """Ends all keys of a person; how many there were."""
    done = await tx.execute(
        update(ApiKey)
        .where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=datetime.now(UTC))
    )
    return done.rowcount


async def note_use(tx: AsyncConnection, key_id: str, address: str | None) -> None:
    """Stores when, and from where, the key was used."""
    await tx.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id)
        .values(used_at=datetime.now(UTC), used_from=address)
    )


def _check(name: str, scopes: Sequence[str], expires_at: datetime | None) -> None:
    faults = []
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        message = f"A name has 1 to {LONGEST_NAME} characters."
        faults.append(FieldError(("input", "name"), message))
    if not scopes:
        faults.append(FieldError(("input", "scopes"), "A key has at least one scope."))
    if expires_at is not None and expires_at <= datetime.now(UTC):
        faults.append(FieldError(("input", "expiresAt"), "This moment has passed."))
    if faults:
        raise Invalid(faults[0].message, faults)


async def _require_few(tx: AsyncConnection, user_id: str) -> None:
    good = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now())
    count = await tx.scalar(
        select(func.count()).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None), good)
    )
    if (count or 0) >= MOST:
        raise Conflict(f"There are {MOST} keys already: revoke one first.")
