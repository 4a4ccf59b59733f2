"""The members of a publication: their roles, their privacy, leaving."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from db.writes.members import members as writes
from loaders.base import as_row
from loaders.publication import MembershipRow, PublicationById
from resolvers.context import Info
from resolvers.fields import field
from resolvers.permissions import CanManageMembers, IsAuthenticated, WritesMembers
from resolvers.publication.members import PublicationMember, PublicationMemberPrivacyState
from resolvers.user import UserPublicationRole
from resolvers.viewer import viewer_of

if TYPE_CHECKING:
    from resolvers.publication import Publication

LazyPublication = Annotated["Publication", strawberry.lazy("resolvers.publication")]


@strawberry.input(description="A member's new role.")
class ChangePublicationMemberRoleInput:
    publication_id: strawberry.ID = strawberry.field(description="The publication.")
    role: UserPublicationRole = strawberry.field(
        description="What the member is to be. As OWNER, the publication is theirs from then on, and"
        " its owner until now becomes an editor."
    )
    username: str = strawberry.field(description="The member.")


@strawberry.type(description="A member whose role was changed.")
class ChangePublicationMemberRolePayload:
    member: PublicationMember = strawberry.field(description="The member.")


@strawberry.input(description="Whether everybody may know of a membership.")
class ChangePublicationMemberVisibilityInput:
    privacy_state: PublicationMemberPrivacyState = strawberry.field(
        description="Whether everybody may know."
    )
    publication_id: strawberry.ID = strawberry.field(description="The publication.")
    username: str = strawberry.field(description="The member.")


@strawberry.type(description="A member who was made public or private.")
class ChangePublicationMemberVisibilityPayload:
    member: PublicationMember = strawberry.field(description="The member.")


@strawberry.input(description="A member who is to belong to the publication no more.")
class RemovePublicationMemberInput:
    publication_id: strawberry.ID = strawberry.field(description="The publication.")
    username: str = strawberry.field(description="The member.")


@strawberry.type(description="A member who belongs to the publication no more.")
class RemovePublicationMemberPayload:
    member: PublicationMember = strawberry.field(description="The member as they were.")


@strawberry.input(description="A publication.")
class ToggleAllowContributorEditsInput:
    publication_id: strawberry.ID = strawberry.field(description="The publication.")


@strawberry.type(description="A publication whose rule was changed.")
class ToggleAllowContributorEditsPayload:
    publication: LazyPublication | None = strawberry.field(description="The publication.")


@strawberry.type
class MemberMutation:
    @field(
        "Changes the role of a member, or hands the publication over to them.",
        permissions=[IsAuthenticated, WritesMembers, CanManageMembers],
    )
    async def change_publication_member_role(
        self,
        info: Info,
        input: Annotated[
            ChangePublicationMemberRoleInput, strawberry.argument(description="The change.")
        ],
    ) -> ChangePublicationMemberRolePayload:
        context = info.context
        async with context.database.write() as tx:
            changed = await writes.change_publication_member_role(
                tx,
                context.client,
                viewer_of(info),
                input.publication_id,
                input.username,
                input.role.name,
            )
        return ChangePublicationMemberRolePayload(member=concluded(info, changed))

    @field(
        "Says whether everybody may know of a membership: for members themselves, and the owner.",
        permissions=[IsAuthenticated, WritesMembers],
    )
    async def change_publication_member_visibility(
        self,
        info: Info,
        input: Annotated[
            ChangePublicationMemberVisibilityInput, strawberry.argument(description="The change.")
        ],
    ) -> ChangePublicationMemberVisibilityPayload:
        context = info.context
        async with context.database.write() as tx:
            changed = await writes.change_publication_member_visibility(
                tx,
                context.client,
                viewer_of(info),
                input.publication_id,
                input.username,
                input.privacy_state.name,
            )
        return ChangePublicationMemberVisibilityPayload(member=concluded(info, changed))

    @field(
        "Takes a member out of the publication; members themselves may leave by it.",
        permissions=[IsAuthenticated, WritesMembers],
    )
    async def remove_publication_member(
        self,
        info: Info,
        input: Annotated[
            RemovePublicationMemberInput, strawberry.argument(description="The member.")
        ],
    ) -> RemovePublicationMemberPayload:
        context = info.context
        async with context.database.write() as tx:
            changed = await writes.remove_publication_member(
                tx, context.client, viewer_of(info), input.publication_id, input.username
            )
        return RemovePublicationMemberPayload(member=concluded(info, changed))

    @field(
        "Lets contributors change posts of theirs once they are published, or forbids it.",
        permissions=[IsAuthenticated, WritesMembers, CanManageMembers],
    )
    async def toggle_allow_contributor_edits(
        self,
        info: Info,
        input: Annotated[
            ToggleAllowContributorEditsInput, strawberry.argument(description="The publication.")
        ],
    ) -> ToggleAllowContributorEditsPayload:
        context = info.context
        async with context.database.write() as tx:
            await writes.toggle_allow_contributor_edits(
                tx, context.client, viewer_of(info), input.publication_id
            )
        publication: Any = await context.loaders(PublicationById).load(input.publication_id)
        return ToggleAllowContributorEditsPayload(publication=publication)


def concluded(info: Info, changed: writes.Changed) -> PublicationMember:
    """The member's row; nobody remembers the old rights of those who have new ones."""
    info.context.exchange.changed |= changed.people
    member: PublicationMember = as_row(MembershipRow, changed.member)
    return member
