"""Managing the members of a publication: who may, and what all of it is made of."""

from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import Forbidden, NotFound
from db.ids import new_id
from db.models.publication import Membership, Publication
from db.viewer import Viewer

UNKNOWN = "There is no such publication."


async def managed(tx: AsyncConnection, viewer: Viewer, publication_id: str) -> Any:
    """The publication, whose members nobody else can manage until the transaction ends.

    Who the viewer was a moment ago is not enough: their role is read anew. Raises NotFound for no such
    publication, Forbidden for one whose members are not the viewer's affair.
    """
    publication = await locked(tx, viewer, publication_id)
    if not viewer.manages(publication_id) or not (
        viewer.is_admin or await _role(tx, publication_id, viewer.user_id) == "OWNER"
    ):
        raise Forbidden("Only the publication's owner can do this.")
    return publication


async def locked(tx: AsyncConnection, viewer: Viewer, publication_id: str) -> Any:
    """The publication, locked as `managed` does; raises NotFound, also for what a key is not for."""
    found = await tx.execute(
        select(Publication.id, Publication.title, Publication.owner_id)
        .where(Publication.id == publication_id)
        .with_for_update(key_share=True)
    )
    publication = found.one_or_none()
    if publication is None or viewer.publication_id not in (None, publication_id):
        raise NotFound(UNKNOWN)
    return publication


async def admit(tx: AsyncConnection, publication_id: str, user_id: str, role: str) -> bool:
    """Makes the person a member, or a contributor an editor; whether that changed anything.

    No role is ever lowered by it.
    """
    statement = insert(Membership).values(
        id=new_id("member"), publication_id=publication_id, user_id=user_id, role=role
    )
    raised = and_(Membership.role == "CONTRIBUTOR", statement.excluded.role == "EDITOR")
    changed: str | None = await tx.scalar(
        statement.on_conflict_do_update(
            index_elements=[Membership.publication_id, Membership.user_id],
            set_={"role": statement.excluded.role},
            where=raised,
        ).returning(Membership.id)
    )
    return changed is not None


async def flip(tx: AsyncConnection, publication_id: str, switch: str) -> bool:
    """Turns one of the publication's switches, a column; how it stands then."""
    column = getattr(Publication, switch)
    stands = await tx.scalar(
        update(Publication)
        .where(Publication.id == publication_id)
        .values({column: ~column})
        .returning(column)
    )
    return bool(stands)


async def _role(tx: AsyncConnection, publication_id: str, user_id: str) -> str | None:
    role: str | None = await tx.scalar(
        select(Membership.role).where(
            Membership.publication_id == publication_id, Membership.user_id == user_id
        )
    )
    return role
