"""Invitations to a publication, as those see them who manage its members."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from identity.secrets import Unreadable
from loaders.invitation import (
    InvitationRow,
    InvitationsByPublication,
    RoleInvitationRow,
    RoleInvitationsByPublication,
)
from loaders.user import UserById
from resolvers.connections import PageConnection, nodes, total_documents
from resolvers.context import Info
from resolvers.fields import column, field, related
from resolvers.node import Node
from resolvers.pagination import numbered_connection
from resolvers.user import UserPublicationRole

if TYPE_CHECKING:
    from resolvers.user import User

LazyUser = Annotated["User", strawberry.lazy("resolvers.user")]


@strawberry.type(description="An invitation that has not been accepted yet.")
class PendingInvite(Node):
    row: ClassVar[type] = InvitationRow

    email: str | None = strawberry.field(
        description="The address that was invited; null where a username was."
    )
    role: UserPublicationRole = strawberry.field(description="What the person would be.")
    user: LazyUser | None = related(
        "The person whose username was invited; null where an address was, whoever has it.",
        UserById,
        key="user_id",
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="Until when it can be accepted.")


@strawberry.type(description="Invitations that have not been accepted yet.")
class PendingInviteConnection(PageConnection):
    nodes: list[PendingInvite] = nodes()
    total_documents: int = total_documents()


@strawberry.type(description="A link by which several people can join.")
class RoleBasedInvite(Node):
    row: ClassVar[type] = RoleInvitationRow

    capacity: int | None = strawberry.field(
        description="How many people can use it; null for any number."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    expiry_date: datetime | None = column(
        "expires_at", "Until when it can be used; null for no end."
    )
    role: UserPublicationRole = strawberry.field(description="What the people become.")
    used_capacity: int = column("used", "How many have used it.")

    @field("The link; null for API keys, which are not to pass it on.", reads=("token",))
    def invite_link(parent: strawberry.Parent[RoleInvitationRow], info: Info) -> str | None:
        context = info.context
        if context.viewer is None or context.viewer.key_id is not None:
            return None
        try:
            token = context.authority.keyring.open(parent.token)
        except Unreadable:
            return None
        return f"{context.authority.public_url}/invitations/join?token={token}"

    @field("Whether any number of people can use it.", reads=("capacity",))
    def is_unlimited_capacity(parent: strawberry.Parent[RoleInvitationRow]) -> bool:
        return parent.capacity is None


@strawberry.type(description="Links by which several people can join.")
class RoleBasedInviteConnection(PageConnection):
    nodes: list[RoleBasedInvite] = nodes()
    total_documents: int = total_documents()


@strawberry.type(description="Invitations to a publication.")
class PublicationInvite:
    publication_id: strawberry.Private[str]
    are_role_based_invite_links_active: bool = strawberry.field(
        description="Whether links for several people can be used."
    )

    @numbered_connection(
        "Invitations not accepted yet, the newest first.",
        PendingInviteConnection,
        key="publication_id",
    )
    def pending_invites() -> InvitationsByPublication:
        return InvitationsByPublication()

    @numbered_connection(
        "Links by which several people can join, the newest first.",
        RoleBasedInviteConnection,
        key="publication_id",
    )
    def role_based_invites() -> RoleInvitationsByPublication:
        return RoleInvitationsByPublication()
