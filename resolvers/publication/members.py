"""Who belongs to a publication, and invitations to it."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from loaders.publication import MembershipRow
from loaders.user import UserById
from resolvers.context import Info
from resolvers.fields import column, related
from resolvers.node import Node
from resolvers.pagination import PageConnection, nodes, numbered_connection, total_documents
from resolvers.user import UserPublicationRole

if TYPE_CHECKING:
    from resolvers.user import User

LazyUser = Annotated["User", strawberry.lazy("resolvers.user")]


@strawberry.enum(description="Whether everybody may know of a membership.")
class PublicationMemberPrivacyState(Enum):
    PRIVATE = strawberry.enum_value("PRIVATE", description="Only the other members know.")
    PUBLIC = strawberry.enum_value("PUBLIC", description="Everybody may know.")


@strawberry.type(description="A person's membership in a publication.")
class PublicationMember(Node):
    row: ClassVar[type] = MembershipRow

    role: UserPublicationRole = strawberry.field(description="What the person may do.")
    privacy_state: PublicationMemberPrivacyState = column(
        "privacy", "Whether everybody may know of the membership."
    )
    user: LazyUser | None = related("The person.", UserById, key="user_id")


@strawberry.type(description="The members of a publication.")
class PublicationMemberConnection(PageConnection):
    nodes: list[PublicationMember] = nodes()
    total_documents: int = total_documents()


@strawberry.type(description="An invitation that has not been accepted yet.")
class PendingInvite(Node):
    email: str | None = strawberry.field(description="The address that was invited.")
    role: UserPublicationRole = strawberry.field(description="What the person would be.")
    user: LazyUser | None = strawberry.field(description="The person, when known.")


@strawberry.type(description="Invitations that have not been accepted yet.")
class PendingInviteConnection(PageConnection):
    nodes: list[PendingInvite] = nodes()
    total_documents: int = total_documents()


@strawberry.type(description="A link by which several people can join.")
class RoleBasedInvite(Node):
    capacity: int | None = strawberry.field(description="How many people can use it.")
    created_at: datetime | None = strawberry.field(description="When it was made.")
    expiry_date: datetime | None = strawberry.field(description="Until when it can be used.")
    invite_link: str | None = strawberry.field(description="The link.")
    is_unlimited_capacity: bool | None = strawberry.field(
        description="Whether any number of people can use it."
    )
    role: UserPublicationRole = strawberry.field(description="What the people become.")
    used_capacity: int | None = strawberry.field(description="How many have used it.")


@strawberry.type(description="Links by which several people can join.")
class RoleBasedInviteConnection(PageConnection):
    nodes: list[RoleBasedInvite] = nodes()
    total_documents: int = total_documents()


@strawberry.type(description="Invitations to a publication.")
class PublicationInvite:
    are_role_based_invite_links_active: bool = strawberry.field(
        description="Whether links for several people can be used."
    )

    @numbered_connection("Invitations not accepted yet.", PendingInviteConnection, key=None)
    def pending_invites(info: Info) -> None:
        return None

    @numbered_connection(
        "Links by which several people can join.", RoleBasedInviteConnection, key=None
    )
    def role_based_invites(info: Info) -> None:
        return None


@strawberry.input(description="Narrows the members of a publication.")
class PublicationMemberConnectionFilter:
    search: str | None = strawberry.field(
        default=None, description="Keep those whose name or username contains this."
    )
