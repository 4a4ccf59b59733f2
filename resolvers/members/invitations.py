"""Inviting people to a publication by mail, and accepting that."""

from enum import Enum
from typing import Annotated

import strawberry

from db.writes.members import invitations as writes
from resolvers.context import Info
from resolvers.fields import SHORT, field
from resolvers.permissions import CanManageMembers, IsAuthenticated, IsInPerson, WritesMembers
from resolvers.viewer import viewer_of


@strawberry.enum(description="What a person can be invited to be.")
class UserPublicationInviteRole(Enum):
    CONTRIBUTOR = strawberry.enum_value(
        "CONTRIBUTOR", description="Writes drafts and submits them for review."
    )
    EDITOR = strawberry.enum_value("EDITOR", description="Publishes and edits all posts.")


@strawberry.input(description="Who is to be invited: by e-mail address or by username.")
class UserInviteInput:
    role: UserPublicationInviteRole = strawberry.field(description="What the person would be.")
    email: str | None = strawberry.field(
        default=None, description="The address: only who has it, verified, can accept."
    )
    username: str | None = strawberry.field(
        default=None, description="The username of somebody who can sign in here."
    )


@strawberry.input(description="Who is to be invited to a publication.")
class InviteUsersToPublicationInput:
    publication_id: strawberry.ID = strawberry.field(description="The publication.")
    users: list[UserInviteInput] = strawberry.field(
        description=f"Who is to be invited: 1 to {writes.MOST} people."
    )


@strawberry.type(description="Somebody who was not invited.")
class FailedInvite:
    email: str | None = strawberry.field(description="The address that was given.")
    username: str | None = strawberry.field(description="The username that was given.")
    error_message: str = strawberry.field(description="Why not.")


@strawberry.type(description="Who was invited.")
class InviteUsersToPublicationPayload:
    failed_invites: list[FailedInvite] = strawberry.field(
        description="Who was not invited, in the order given.", directives=[SHORT]
    )
    success: bool = strawberry.field(description="Whether all were invited.")
    successful_invite_count: int = strawberry.field(description="How many were invited.")


@strawberry.input(description="An invitation to be mailed again.")
class ReinviteUserToPublicationInput:
    invite_id: strawberry.ID = strawberry.field(description="The invitation.")
    publication_id: strawberry.ID = strawberry.field(description="The publication.")


@strawberry.type(description="An invitation that was mailed again.")
class ReinviteUserToPublicationPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.input(description="An invitation to be taken back.")
class RevokeUserInviteToPublicationInput:
    invite_id: strawberry.ID = strawberry.field(description="The invitation.")
    publication_id: strawberry.ID = strawberry.field(description="The publication.")


@strawberry.type(description="An invitation that was taken back.")
class RevokeUserInviteToPublicationPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.input(description="An invitation to be accepted.")
class AcceptInviteToPublicationInput:
    invite_token: str = strawberry.field(description="What its link has as `token`.")


@strawberry.type(description="An invitation that was accepted.")
class AcceptInviteToPublicationPayload:
    success: bool = strawberry.field(description="Always true; failures are errors.")


@strawberry.type
class InvitationMutation:
    @field(
        "Mails people an invitation to the publication, good for seven days.",
        permissions=[IsAuthenticated, WritesMembers, CanManageMembers],
    )
    async def invite_users_to_publication(
        self,
        info: Info,
        input: Annotated[
            InviteUsersToPublicationInput, strawberry.argument(description="Who is invited.")
        ],
    ) -> InviteUsersToPublicationPayload:
        context = info.context
        invitees = [
            writes.Invitee(each.email, each.username, each.role.name) for each in input.users
        ]
        async with context.database.write() as tx:
            failed = await writes.invite_users_to_publication(
                tx,
                context.authority,
                context.client,
                viewer_of(info),
                input.publication_id,
                invitees,
            )
        return InviteUsersToPublicationPayload(
            failed_invites=[
                FailedInvite(
                    email=each.invitee.email,
                    username=each.invitee.username,
                    error_message=each.message,
                )
                for each in failed
            ],
            success=not failed,
            successful_invite_count=len(invitees) - len(failed),
        )

    @field(
        "Mails an invitation again, with a new link in place of the old one.",
        permissions=[IsAuthenticated, WritesMembers, CanManageMembers],
    )
    async def reinvite_user_to_publication(
        self,
        info: Info,
        input: Annotated[
            ReinviteUserToPublicationInput, strawberry.argument(description="The invitation.")
        ],
    ) -> ReinviteUserToPublicationPayload:
        context = info.context
        async with context.database.write() as tx:
            await writes.reinvite_user_to_publication(
                tx,
                context.authority,
                context.client,
                viewer_of(info),
                input.publication_id,
                input.invite_id,
            )
        return ReinviteUserToPublicationPayload(success=True)

    @field(
        "Takes an invitation back: its link is good for nothing from then on.",
        permissions=[IsAuthenticated, WritesMembers, CanManageMembers],
    )
    async def revoke_user_invite_to_publication(
        self,
        info: Info,
        input: Annotated[
            RevokeUserInviteToPublicationInput, strawberry.argument(description="The invitation.")
        ],
    ) -> RevokeUserInviteToPublicationPayload:
        context = info.context
        async with context.database.write() as tx:
            await writes.revoke_user_invite_to_publication(
                tx, context.client, viewer_of(info), input.publication_id, input.invite_id
            )
        return RevokeUserInviteToPublicationPayload(success=True)

    @field(
        "Joins a publication by an invitation that was mailed to the viewer.",
        permissions=[IsAuthenticated, IsInPerson],
    )
    async def accept_invite_to_publication(
        self,
        info: Info,
        input: Annotated[
            AcceptInviteToPublicationInput, strawberry.argument(description="The invitation.")
        ],
    ) -> AcceptInviteToPublicationPayload:
        context, viewer = info.context, viewer_of(info)
        async with context.database.write() as tx:
            await writes.accept_invite_to_publication(
                tx, context.client, viewer, input.invite_token
            )
        context.exchange.changed.add(viewer.user_id)
        return AcceptInviteToPublicationPayload(success=True)
