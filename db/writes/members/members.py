"""Members: their roles, whether everybody may know of them, and leaving."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import Conflict, NotFound
from db.models.account import Account
from db.models.publication import Membership, Publication
from db.models.user import User
from db.viewer import Client, Viewer
from db.viewers import may_act
from db.writes import audit
from db.writes.members.managing import flip, locked, managed

OWNED: Final = "A publication has an owner: make another member the owner first."
RETURNED: Final = (
    Membership.id,
    Membership.publication_id,
    Membership.user_id,
    Membership.role,
    Membership.privacy,
    Membership.created_at,
)


class Changed(NamedTuple):
    """A membership's row, and the people whose rights have changed."""

    member: Mapping[str, Any]
    people: frozenset[str] = frozenset()


async def change_publication_member_role(
    tx: AsyncConnection,
    client: Client,
    viewer: Viewer,
    publication_id: str,
    username: str,
    role: str,
) -> Changed:
    """Gives the member the role; as OWNER, the publication is handed over, and its owner an editor.

    Raises NotFound for no such member, Conflict for the owner's role and for a new owner who cannot
    sign in, otherwise as `managed` does.
    """
    await managed(tx, viewer, publication_id)
    member = await _member(tx, publication_id, username)
    if member.role == role:
        return Changed(member._mapping)
    if member.role == "OWNER":
        raise Conflict(OWNED)
    people = {member.user_id}
    if role == "OWNER":
        people |= await _take_over(tx, publication_id, member.user_id)
        await audit.record(
            tx, client, viewer, "publication.hand_over", publication_id, owner=member.user_id
        )
    changed = await _set(tx, member.id, role=role)
    facts: dict[str, Any] = {"before": member.role, "after": role, "publication": publication_id}
    await audit.record(tx, client, viewer, "member.role_change", member.user_id, **facts)
    return Changed(changed, frozenset(people))


async def change_publication_member_visibility(
    tx: AsyncConnection,
    client: Client,
    viewer: Viewer,
    publication_id: str,
    username: str,
    privacy: str,
) -> Changed:
    """Says whether everybody may know of the membership: for members themselves, and who manages them.

    Raises as removing a member does.
    """
    await _own_or_managed(tx, viewer, publication_id, username)
    member = await _member(tx, publication_id, username)
    facts: dict[str, Any] = {"publication": publication_id, "privacy": privacy}
    await audit.record(tx, client, viewer, "member.visibility_change", member.user_id, **facts)
    return Changed(await _set(tx, member.id, privacy=privacy))


async def remove_publication_member(
    tx: AsyncConnection, client: Client, viewer: Viewer, publication_id: str, username: str
) -> Changed:
    """Takes a member out, as who manages the members, or as the member, who leaves.

    What they wrote stays. Raises NotFound for no such member, Conflict for the owner, otherwise as
    `managed` does.
    """
    await _own_or_managed(tx, viewer, publication_id, username)
    member = await _member(tx, publication_id, username)
    if member.role == "OWNER":
        raise Conflict(OWNED)
    await tx.execute(delete(Membership).where(Membership.id == member.id))
    facts: dict[str, Any] = {"publication": publication_id, "role": member.role}
    await audit.record(tx, client, viewer, "member.remove", member.user_id, **facts)
    return Changed(member._mapping, frozenset([member.user_id]))


async def toggle_allow_contributor_edits(
    tx: AsyncConnection, client: Client, viewer: Viewer, publication_id: str
) -> bool:
    """Lets contributors change what they have published (`db.ownership`), or not; how it stands then."""
    await managed(tx, viewer, publication_id)
    allowed = await flip(tx, publication_id, "contributor_edits")
    await audit.record(
        tx, client, viewer, "publication.contributor_edits", publication_id, allowed=allowed
    )
    return allowed


async def _own_or_managed(
    tx: AsyncConnection, viewer: Viewer, publication_id: str, username: str
) -> None:
    """Locks the publication; the membership is the viewer's own, or one that they manage."""
    named: str | None = await tx.scalar(
        select(User.id).where(func.lower(User.username) == username.lower())
    )
    check = locked if named == viewer.user_id else managed
    await check(tx, viewer, publication_id)


async def _member(tx: AsyncConnection, publication_id: str, username: str) -> Any:
    found = await tx.execute(
        select(*RETURNED)
        .join(User, User.id == Membership.user_id)
        .where(Membership.publication_id == publication_id)
        .where(func.lower(User.username) == username.lower())
        .with_for_update(of=Membership)
    )
    member = found.one_or_none()
    if member is None:
        raise NotFound("There is no such member.")
    return member


async def _take_over(tx: AsyncConnection, publication_id: str, user_id: str) -> set[str]:
    """Makes the person the owner, in name, and the one before an editor, whose id it returns."""
    can_sign_in = exists().where(Account.user_id == User.id) & may_act()
    able = select(User.id).where(User.id == user_id, can_sign_in).with_for_update(read=True)
    if await tx.scalar(able) is None:
        raise Conflict("This person cannot sign in, and so cannot own a publication.")
    before = await tx.scalars(
        update(Membership)
        .where(Membership.publication_id == publication_id, Membership.role == "OWNER")
        .values(role="EDITOR")
        .returning(Membership.user_id)
    )
    await tx.execute(
        update(Publication)
        .where(Publication.id == publication_id)
        .values(owner_id=user_id, updated_at=datetime.now(UTC))
    )
    return set(before)


async def _set(tx: AsyncConnection, member_id: str, **values: str) -> Mapping[str, Any]:
    changed = await tx.execute(
        update(Membership).where(Membership.id == member_id).values(values).returning(*RETURNED)
    )
    return dict(changed.mappings().one())
