"""Links by which several people join a publication."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.authority import Authority
from db.errors import Conflict, FieldError, Invalid, NotFound
from db.ids import new_id
from db.models.invitation import RoleInvitation
from db.models.publication import Publication
from db.viewer import Client, Viewer
from db.writes import audit
from db.writes.members.managing import admit, flip, managed
from identity import opaque

MOST: Final = 100_000
"""The largest capacity."""
TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32,128}")
UNKNOWN: Final = "There is no such link; it may be over."

Row = Mapping[str, Any]
RETURNED: Final = (
    RoleInvitation.id,
    RoleInvitation.role,
    RoleInvitation.token,
    RoleInvitation.capacity,
    RoleInvitation.used,
    RoleInvitation.created_at,
    RoleInvitation.expires_at,
)


@dataclass(frozen=True, slots=True)
class Link:
    """What a link is to be: `capacity` people at most, or any number if `unlimited`, until then."""

    role: str
    capacity: int | None
    unlimited: bool
    expires_at: datetime | None

    def values(self, used: int = 0) -> dict[str, Any]:
        """Its columns, if so many have used it already; raises Invalid with each fault."""
        faults = [*self._faults(used)]
        if faults:
            raise Invalid(faults[0].message, faults)
        return {"role": self.role, "capacity": self.capacity, "expires_at": self.expires_at}

    def _faults(self, used: int) -> Iterator[FieldError]:
        least = max(1, used)
        if self.unlimited and self.capacity is not None:
            yield _fault("capacity", "A link for any number of people has no capacity.")
        elif not self.unlimited and not least <= (self.capacity or 0) <= MOST:
            yield _fault("capacity", f"For how many people is it? For {least} to {MOST}.")
        if self.expires_at is not None and self.expires_at <= datetime.now(UTC):
            yield _fault("expiryDate", "This time is over.")


@dataclass(frozen=True, slots=True)
class Changes:
    """What of a link is to be changed; None leaves it, and so does `expires` if it is false."""

    role: str | None = None
    capacity: int | None = None
    unlimited: bool | None = None
    expires: bool = False
    expires_at: datetime | None = None

    def of(self, row: Any) -> Link:
        """The link as it is to be."""
        is_given = self.capacity is not None or self.unlimited
        capacity = self.capacity if is_given else row.capacity
        return Link(
            self.role or row.role,
            capacity,
            capacity is None if self.unlimited is None else self.unlimited,
            self.expires_at if self.expires else row.expires_at,
        )


async def create_role_based_invite_for_publication(
    tx: AsyncConnection,
    authority: Authority,
    client: Client,
    viewer: Viewer,
    publication_id: str,
    link: Link,
    token: str | None = None,
) -> Row:
    """The row of a new link; `token` is one that the client has made.

    Raises Invalid with each fault, Conflict for a token that another link has, NotFound and Forbidden
    as `managed` does.
    """
    await managed(tx, viewer, publication_id)
    if token is not None and TOKEN.fullmatch(token) is None:
        message = "A token has 32 to 128 letters, digits, hyphens and underscores; best let it out."
        raise Invalid(message, [_fault("inviteToken", message)])
    values, token = link.values(), token or opaque.new_token()
    made = await tx.execute(
        insert(RoleInvitation)
        .values(
            id=new_id("invitelink"),
            publication_id=publication_id,
            token=authority.keyring.seal(token),
            digest=opaque.digest(token),
            created_by=viewer.user_id,
            **values,
        )
        .on_conflict_do_nothing(index_elements=[RoleInvitation.digest])
        .returning(*RETURNED)
    )
    row = made.mappings().one_or_none()
    if row is None:
        raise Conflict("Another link has this token.")
    facts: dict[str, Any] = {"publication": publication_id, "role": link.role}
    await audit.record(tx, client, viewer, "invitation_link.create", row["id"], **facts)
    return dict(row)


async def update_role_based_invite(
    tx: AsyncConnection,
    client: Client,
    viewer: Viewer,
    publication_id: str,
    invitation_id: str,
    changes: Changes,
) -> Row:
    """The link's row, changed. Raises NotFound for no such link, otherwise as creating one does."""
    await managed(tx, viewer, publication_id)
    found = await tx.execute(
        select(*RETURNED).where(*_is(publication_id, invitation_id)).with_for_update()
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound(UNKNOWN)
    wanted = changes.of(row)
    # A time that is over may stay as it is: whoever changes the role has not asked for it.
    kept = wanted if changes.expires else replace(wanted, expires_at=None)
    values = {**kept.values(row.used), "expires_at": wanted.expires_at}
    changed = await tx.execute(
        update(RoleInvitation)
        .where(RoleInvitation.id == invitation_id)
        .values(values)
        .returning(*RETURNED)
    )
    facts: dict[str, Any] = {"publication": publication_id, "role": wanted.role}
    await audit.record(tx, client, viewer, "invitation_link.update", invitation_id, **facts)
    return dict(changed.mappings().one())


async def delete_role_based_invite(
    tx: AsyncConnection, client: Client, viewer: Viewer, publication_id: str, invitation_id: str
) -> Row:
    """The row of the link, which nobody can use any more. Raises NotFound for no such link."""
    await managed(tx, viewer, publication_id)
    gone = await tx.execute(
        delete(RoleInvitation).where(*_is(publication_id, invitation_id)).returning(*RETURNED)
    )
    row = gone.mappings().one_or_none()
    if row is None:
        raise NotFound(UNKNOWN)
    facts: dict[str, Any] = {"publication": publication_id}
    await audit.record(tx, client, viewer, "invitation_link.delete", invitation_id, **facts)
    return dict(row)


async def accept_role_based_invite(
    tx: AsyncConnection, client: Client, viewer: Viewer, token: str
) -> None:
    """Makes the viewer a member, or raises their role; who is one already changes nothing.

    Raises NotFound for no such link, one that is over, and one of a publication whose links are turned
    off, Conflict for one that has been used as often as it can be.
    """
    link = await _presented(tx, token)
    if link is None:
        raise NotFound(UNKNOWN)
    if not await admit(tx, link.publication_id, viewer.user_id, link.role):
        return
    if link.capacity is not None and link.used >= link.capacity:
        raise Conflict("As many people as can use this link have used it.")
    await tx.execute(
        update(RoleInvitation)
        .where(RoleInvitation.id == link.id)
        .values(used=RoleInvitation.used + 1)
    )
    facts: dict[str, Any] = {"publication": link.publication_id, "role": link.role}
    await audit.record(tx, client, viewer, "invitation_link.accept", link.id, **facts)


async def toggle_role_based_invite_links(
    tx: AsyncConnection, client: Client, viewer: Viewer, publication_id: str
) -> bool:
    """Turns the publication's links on or off; whether they can be used now."""
    await managed(tx, viewer, publication_id)
    active = await flip(tx, publication_id, "role_invites_enabled")
    await audit.record(
        tx, client, viewer, "publication.invitation_links", publication_id, active=active
    )
    return active


async def _presented(tx: AsyncConnection, token: str) -> Any:
    """The link with this token; whoever presents it too waits for us, so that none is counted twice."""
    found = await tx.execute(
        select(
            RoleInvitation.id,
            RoleInvitation.publication_id,
            RoleInvitation.role,
            RoleInvitation.capacity,
            RoleInvitation.used,
        )
        .join(Publication, Publication.id == RoleInvitation.publication_id)
        .where(RoleInvitation.digest == opaque.digest(token), Publication.role_invites_enabled)
        .where(func.coalesce(RoleInvitation.expires_at > datetime.now(UTC), True))
        .with_for_update(of=RoleInvitation)
    )
    return found.one_or_none()


def _is(publication_id: str, invitation_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        RoleInvitation.id == invitation_id,
        RoleInvitation.publication_id == publication_id,
    )


def _fault(field: str, message: str) -> FieldError:
    return FieldError(("input", field), message)
