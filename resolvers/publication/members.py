"""Who belongs to a publication."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from loaders.publication import MembershipRow
from loaders.user import UserById
from resolvers.connections import PageConnection, nodes, total_documents
from resolvers.fields import column, related
from resolvers.node import Node
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


@strawberry.input(description="Narrows the members of a publication.")
class PublicationMemberConnectionFilter:
    search: str | None = strawberry.field(
        default=None, description="Keep those whose name or username contains this."
    )
