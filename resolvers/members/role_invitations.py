"""Links by which several people join a publication."""

from datetime import datetime
from typing import Annotated

import strawberry

from db.writes.members import role_invitations as writes
from loaders.base import as_row
from loaders.invitation import RoleInvitationRow
from resolvers.context import Info
from resolvers.fields import field
from resolvers.members.invitations import UserPublicationInviteRole
from resolvers.permissions import CanManageMembers, IsAuthenticated, IsInPerson, WritesMembers
from resolvers.publication.invites import RoleBasedInvite
from resolvers.viewer import viewer_of


@strawberry.input(description="A link by which several people can join.")
class CreateRoleBasedInviteForPublicationInput:
    publication_id: strawberry.ID = strawberry.field(description="The publication.")
    role: UserPublicationInviteRole = strawberry.field(description="What the people become.")
    capacity: int | None = strawberry.field(
        default=None, description=f"How many people can use it: 1 to {writes.MOST}."
    )
    enable_unlimited_capacity: bool | None = strawberry.field(
        default=None, description="Whether any number of people can use it, instead of `capacity`."
    )
    expiry_date: datetime | None = strawberry.field(
        default=None, description="Until when it can be used; without it, until it is deleted."
    )
    invite_token: str | None = strawberry.field(
        default=None,
        description="What the link has as `token`: 32 to 128 letters, digits, hyphens and underscores"
        " that nobody can guess. Best let it out: then one is made.",
    )


@strawberry.type(description="A new link by which several people can join.")
class CreateRoleBasedInviteForPublicationPayload:
    invite: RoleBasedInvite = strawberry.field(description="The link.")


@strawberry.input(description="Changes of a link: what is not given stays.")
class UpdateRoleBasedInviteInput:
    publication_id: strawberry.ID = strawberry.field(description="The publication.")
    invite_id: strawberry.ID = strawberry.field(description="The link.")
    role: UserPublicationInviteRole | None = strawberry.field(
        default=None, description="What the people become from now on."
    )
    capacity: int | None = strawberry.field(
        default=None,
        description="How many people can use it, no fewer than have used it already.",
    )
    enable_unlimited_capacity: bool | None = strawberry.field(
        default=None, description="Whether any number of people can use it, instead of `capacity`."
    )
    expiry_date: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Until when it can be used; null for no end."
    )


@strawberry.type(description="A changed link.")
class UpdateRoleBasedInvitePayload:
    invite: RoleBasedInvite = strawberry.field(description="The link.")


@strawberry.input(description="A link that nobody is to use any more.")
class DeleteRoleBasedInviteInput:
    invite_id: strawberry.ID = strawberry.field(description="The link.")
    publication_id: strawberry.ID = strawberry.field(description="The publication.")


@strawberry.type(description="A link that nobody can use any more.")
class DeleteRoleBasedInvitePayload:
    invite: RoleBasedInvite = strawberry.field(description="The link as it was.")


@strawberry.input(description="A link to join by.")
class AcceptRoleBasedInviteInput:
    invite_token: str = strawberry.field(description="What the link has as `token`.")


@strawberry.type(description="The viewer has joined.")
class AcceptRoleBasedInvitePayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.type(description="Whether links for several people can be used.")
class ToggleRoleBasedInviteLinksPayload:
    are_role_based_invite_links_active: bool = strawberry.field(description="As it stands now.")


@strawberry.type
class RoleInvitationMutation:
    @field(
        "Makes a link by which several people can join the publication.",
        permissions=[IsAuthenticated, WritesMembers, CanManageMembers],
    )
    async def create_role_based_invite_for_publication(
        self,
        info: Info,
        input: Annotated[
            CreateRoleBasedInviteForPublicationInput, strawberry.argument(description="The link.")
        ],
    ) -> CreateRoleBasedInviteForPublicationPayload:
        context = info.context
        link = writes.Link(
            input.role.name,
            input.capacity,
            bool(input.enable_unlimited_capacity),
            input.expiry_date,
        )
        async with context.database.write() as tx:
            row = await writes.create_role_based_invite_for_publication(
                tx,
                context.authority,
                context.client,
                viewer_of(info),
                input.publication_id,
                link,
                input.invite_token,
            )
        return CreateRoleBasedInviteForPublicationPayload(invite=as_row(RoleInvitationRow, row))

    @field(
        "Changes a link by which several people can join.",
        permissions=[IsAuthenticated, WritesMembers, CanManageMembers],
    )
    async def update_role_based_invite(
        self,
        info: Info,
        input: Annotated[
            UpdateRoleBasedInviteInput, strawberry.argument(description="The changes.")
        ],
    ) -> UpdateRoleBasedInvitePayload:
        context = info.context
        expires = input.expiry_date is not strawberry.UNSET
        changes = writes.Changes(
            input.role and input.role.name,
            input.capacity,
            input.enable_unlimited_capacity,
            expires,
            input.expiry_date if expires else None,
        )
        async with context.database.write() as tx:
            row = await writes.update_role_based_invite(
                tx,
                context.client,
                viewer_of(info),
                input.publication_id,
                input.invite_id,
                changes,
            )
        return UpdateRoleBasedInvitePayload(invite=as_row(RoleInvitationRow, row))

    @field(
        "Deletes a link by which several people can join; who has joined by it stays.",
        permissions=[IsAuthenticated, WritesMembers, CanManageMembers],
    )
    async def delete_role_based_invite(
        self,
        info: Info,
        input: Annotated[DeleteRoleBasedInviteInput, strawberry.argument(description="The link.")],
    ) -> DeleteRoleBasedInvitePayload:
        context = info.context
        async with context.database.write() as tx:
            row = await writes.delete_role_based_invite(
                tx, context.client, viewer_of(info), input.publication_id, input.invite_id
            )
        return DeleteRoleBasedInvitePayload(invite=as_row(RoleInvitationRow, row))

    @field(
        "Joins a publication by a link; who is a member already keeps the higher role.",
        permissions=[IsAuthenticated, IsInPerson],
    )
    async def accept_role_based_invite(
        self,
        info: Info,
        input: Annotated[AcceptRoleBasedInviteInput, strawberry.argument(description="The link.")],
    ) -> AcceptRoleBasedInvitePayload:
        context, viewer = info.context, viewer_of(info)
        async with context.database.write() as tx:
            await writes.accept_role_based_invite(tx, context.client, viewer, input.invite_token)
        context.exchange.changed.add(viewer.user_id)
        return AcceptRoleBasedInvitePayload(success=True)

    @field(
        "Turns the publication's links for several people on or off.",
        permissions=[IsAuthenticated, WritesMembers, CanManageMembers],
    )
    async def toggle_role_based_invite_links(
        self,
        info: Info,
        publication_id: Annotated[
            strawberry.ID, strawberry.argument(description="The publication.")
        ],
    ) -> ToggleRoleBasedInviteLinksPayload:
        context = info.context
        async with context.database.write() as tx:
            active = await writes.toggle_role_based_invite_links(
                tx, context.client, viewer_of(info), publication_id
            )
        return ToggleRoleBasedInviteLinksPayload(are_role_based_invite_links_active=active)
