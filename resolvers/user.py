"""People: their profiles, what they wrote and where they belong."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from db.errors import Unauthenticated
from loaders.account import AccountRow, OwnAccount
from loaders.api_key import ApiKeysByUser
from loaders.draft import DraftsByAuthor
from loaders.factor import SecondFactorsByUser
from loaders.identity import IdentitiesByUser, IdentityRow
from loaders.post import AuthoredPostRow, PostsByAuthor, Tagged
from loaders.publication import PublicationsByUser
from loaders.session import SessionsByUser
from loaders.user import UserById, UserByUsername, UserEmailById, UserEmailRow, UserRow
from resolvers.connections import (
    Connection,
    Edge,
    EdgeRow,
    PageConnection,
    edge_node,
    edges,
    nodes,
    total_documents,
)
from resolvers.content import Content, from_bag
from resolvers.context import Info
from resolvers.draft import Draft
from resolvers.fields import SHORT, column, constant, derived, field, lookup, related, same
from resolvers.filters import optional_tuple
from resolvers.node import Node
from resolvers.pagination import connection, numbered_connection
from resolvers.permissions import IsAuthenticated, ReadsProfile
from resolvers.post import Post
from resolvers.tag import Tag

if TYPE_CHECKING:
    from resolvers.account.api_key import ApiKey
    from resolvers.account.identity import Identity
    from resolvers.account.second_factor import SecondFactors
    from resolvers.account.session import Session
    from resolvers.publication import Publication

LazyIdentity = Annotated["Identity", strawberry.lazy("resolvers.account.identity")]
LazyPublication = Annotated["Publication", strawberry.lazy("resolvers.publication")]
LazyApiKey = Annotated["ApiKey", strawberry.lazy("resolvers.account.api_key")]
LazySecondFactors = Annotated["SecondFactors", strawberry.lazy("resolvers.account.second_factor")]
LazySession = Annotated["Session", strawberry.lazy("resolvers.account.session")]
LazyUser = Annotated["User", strawberry.lazy("resolvers.user")]


@strawberry.enum(description="What a person may do in the whole deployment.")
class UserRole(Enum):
    MODERATOR = strawberry.enum_value("MODERATOR", description="May moderate what others wrote.")
    SUPERUSER = strawberry.enum_value("SUPERUSER", description="May do everything.")
    USER = strawberry.enum_value("USER", description="Has no special rights.")


@strawberry.enum(description="Whether a person administers the deployment.")
class DeploymentRole(Enum):
    ADMIN = strawberry.enum_value("ADMIN", description="May do everything: a SUPERUSER.")
    MEMBER = strawberry.enum_value("MEMBER", description="Has no rights beyond their own.")


@strawberry.enum(description="What a person may do in a publication.")
class UserPublicationRole(Enum):
    CONTRIBUTOR = strawberry.enum_value(
        "CONTRIBUTOR", description="Writes drafts and submits them for review."
    )
    EDITOR = strawberry.enum_value("EDITOR", description="Publishes and edits all posts.")
    OWNER = strawberry.enum_value("OWNER", description="Does everything, settings included.")


@strawberry.enum(description="A person's part in a post.")
class PostAuthorType(Enum):
    AUTHOR = strawberry.enum_value("AUTHOR", description="The author.")
    CO_AUTHOR = strawberry.enum_value("CO_AUTHOR", description="One of the co-authors.")


@strawberry.enum(description="Keeps posts by the person's part in them.")
class UserPostsAuthorTypeFilter(Enum):
    AUTHOR_ONLY = strawberry.enum_value("AUTHOR_ONLY", description="Posts as their author.")
    CO_AUTHOR_ONLY = strawberry.enum_value("CO_AUTHOR_ONLY", description="Posts as a co-author.")


@strawberry.enum(description="The orders of a person's posts.")
class UserPostsSort(Enum):
    DATE_PUBLISHED_ASC = strawberry.enum_value("DATE_PUBLISHED_ASC", description="Oldest first.")
    DATE_PUBLISHED_DESC = strawberry.enum_value("DATE_PUBLISHED_DESC", description="Newest first.")


@strawberry.enum(description="The orders of a person's publications.")
class UserPublicationsSort(Enum):
    DATE_CREATED_ASC = strawberry.enum_value("DATE_CREATED_ASC", description="Oldest first.")
    DATE_CREATED_DESC = strawberry.enum_value("DATE_CREATED_DESC", description="Newest first.")
    DATE_UPDATED_ASC = strawberry.enum_value(
        "DATE_UPDATED_ASC", description="Longest unchanged first."
    )
    DATE_UPDATED_DESC = strawberry.enum_value(
        "DATE_UPDATED_DESC", description="Last changed first."
    )


@strawberry.input(description="Narrows a person's posts.")
class UserPostConnectionFilter:
    author_type: UserPostsAuthorTypeFilter | None = strawberry.field(
        default=None, description="By the person's part in them; both when it is not given."
    )
    publications: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Posts of these publications."
    )
    tag_slugs: list[str] | None = strawberry.field(
        default=None, description="Posts that have any of these tags, by slug; empty keeps all."
    )
    tags: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Posts that have any of these tags, by id; empty keeps all."
    )


@strawberry.input(description="Narrows a person's publications.")
class UserPublicationsConnectionFilter:
    roles: list[UserPublicationRole] | None = strawberry.field(
        default=None, description="Publications where the person has one of these roles."
    )


@strawberry.type(description="A person's profiles and sites elsewhere, as URLs.")
class SocialMediaLinks:
    bluesky: str | None = strawberry.field(description="On Bluesky.")
    facebook: str | None = strawberry.field(description="On Facebook.")
    github: str | None = strawberry.field(description="On GitHub.")
    instagram: str | None = strawberry.field(description="On Instagram.")
    linkedin: str | None = strawberry.field(description="On LinkedIn.")
    stackoverflow: str | None = strawberry.field(description="On Stack Overflow.")
    twitter: str | None = strawberry.field(description="On Twitter or X.")
    website: str | None = strawberry.field(description="The person's own site.")
    youtube: str | None = strawberry.field(description="On YouTube.")


@strawberry.type(description="Which emails a person gets. Masthead sends none of these.")
class EmailNotificationPreferences:
    activity_notifications: bool = strawberry.field(description="About reactions and comments.")
    general_announcements: bool = strawberry.field(description="About the service.")
    monthly_blog_stats: bool = strawberry.field(description="Numbers of the month.")
    new_followers_weekly: bool = strawberry.field(description="New followers of the week.")
    weekly_newsletter_emails: bool = strawberry.field(description="The weekly newsletter.")


@strawberry.type(description="People in numbered pages.")
class UserConnection(PageConnection):
    nodes: list[LazyUser] = nodes()
    total_documents: int = total_documents()


@strawberry.type(description="A post of a person, and their part in it.")
class UserPostEdge:
    row: ClassVar[type] = AuthoredPostRow

    node: Post = edge_node()

    @field("Whether the person is the author or a co-author.", reads=("authored",))
    def author_type(parent: strawberry.Parent[AuthoredPostRow]) -> PostAuthorType:
        return PostAuthorType.AUTHOR if parent.authored else PostAuthorType.CO_AUTHOR


@strawberry.type(description="The posts of a person in numbered pages.")
class UserPostConnection(PageConnection):
    nodes: list[Post] = nodes()
    total_documents: int = total_documents()
    edges: list[UserPostEdge] = edges("The page's posts, and the person's part in each.")


class MemberEdgeRow(EdgeRow):
    """An edge to a publication, with a person's role in it."""

    member_role: str


@strawberry.type(description="A publication of a person, with its place in the list.")
class UserPublicationsEdge(Edge):
    row: ClassVar[type] = MemberEdgeRow

    node: LazyPublication = edge_node()
    role: UserPublicationRole = column("member_role", "What the person may do there.")


@strawberry.type(description="The publications that a person belongs to.")
class UserPublicationsConnection(Connection):
    edges: list[UserPublicationsEdge] = edges()
    nodes: list[LazyPublication] = nodes()
    total_documents: int = total_documents()


@strawberry.type(description="A draft with its place in the list.")
class UserDraftEdge(Edge):
    node: Draft = edge_node()


@strawberry.type(description="The viewer's drafts, last changed first.")
class UserDraftConnection(Connection):
    edges: list[UserDraftEdge] = edges()
    nodes: list[Draft] = nodes()
    total_documents: int = total_documents()


def posts_of_user(wanted: UserPostConnectionFilter, sort_by: UserPostsSort | None) -> PostsByAuthor:
    part = wanted.author_type
    return PostsByAuthor(
        as_author=part is not UserPostsAuthorTypeFilter.CO_AUTHOR_ONLY,
        as_co_author=part is not UserPostsAuthorTypeFilter.AUTHOR_ONLY,
        publication_ids=optional_tuple(wanted.publications),
        tagged=Tagged(optional_tuple(wanted.tags), optional_tuple(wanted.tag_slugs)),
        descending=sort_by is not UserPostsSort.DATE_PUBLISHED_ASC,
    )


PUBLICATIONS: dict[UserPublicationsSort | None, PublicationsByUser] = {
    None: PublicationsByUser(),
    UserPublicationsSort.DATE_CREATED_ASC: PublicationsByUser(descending=False),
    UserPublicationsSort.DATE_CREATED_DESC: PublicationsByUser(),
    UserPublicationsSort.DATE_UPDATED_ASC: PublicationsByUser(last_changed=True, descending=False),
    UserPublicationsSort.DATE_UPDATED_DESC: PublicationsByUser(last_changed=True),
}


def publications_of_user(
    wanted: UserPublicationsConnectionFilter, sort_by: UserPublicationsSort | None
) -> PublicationsByUser:
    roles = None if wanted.roles is None else tuple(role.name for role in wanted.roles)
    return replace(PUBLICATIONS[sort_by], roles=roles)


@strawberry.interface(description="A person, whatever the viewer may see of them.")
class IUser(Node):
    row: ClassVar[type] = UserRow

    username: str = strawberry.field(description="The unique name, as in addresses.")
    name: str = strawberry.field(description="The name to show.")
    tagline: str | None = strawberry.field(description="One line about the person.")
    location: str | None = strawberry.field(description="Where the person lives.")
    available_for: str | None = strawberry.field(description="What the person can be asked for.")
    profile_picture: str | None = strawberry.field(description="URL of the person's picture.")
    deactivated: bool = strawberry.field(description="Whether the account has been closed.")
    followers_count: int = strawberry.field(description="How many people follow the person.")
    followings_count: int = strawberry.field(description="How many people the person follows.")
    bio: Content | None = same(
        "What the person says about themselves.", prefix="bio_", unless="bio_markdown"
    )
    date_joined: datetime = column("created_at", "When the person joined.")

    @field("The person's profiles and sites elsewhere.", reads=("social_links",))
    def social_media_links(parent: strawberry.Parent[UserRow]) -> SocialMediaLinks:
        return from_bag(SocialMediaLinks, parent.social_links)

    @numbered_connection(
        "The person's posts, by date of publication.", UserPostConnection, lists=("edges", "nodes")
    )
    def posts(
        filter: Annotated[
            UserPostConnectionFilter | None, strawberry.argument(description="Narrows the list.")
        ] = None,
        sort_by: Annotated[
            UserPostsSort | None, strawberry.argument(description="The order.")
        ] = UserPostsSort.DATE_PUBLISHED_DESC,
    ) -> PostsByAuthor:
        return posts_of_user(filter or UserPostConnectionFilter(), sort_by)

    @connection(
        "The publications that the person belongs to: those that say so openly, and those that the"
        " viewer belongs to as well.",
        UserPublicationsConnection,
    )
    def publications(
        filter: Annotated[
            UserPublicationsConnectionFilter | None,
            strawberry.argument(description="Narrows the list."),
        ] = None,
        sort_by: Annotated[
            UserPublicationsSort | None, strawberry.argument(description="The order.")
        ] = UserPublicationsSort.DATE_CREATED_DESC,
    ) -> PublicationsByUser:
        return publications_of_user(filter or UserPublicationsConnectionFilter(), sort_by)

    @numbered_connection(
        "Who follows the person: nobody while following is not kept.", UserConnection
    )
    def followers() -> None:
        return None

    @numbered_connection(
        "Whom the person follows: nobody while following is not kept.", UserConnection
    )
    def follows() -> None:
        return None

    tags_following: list[Tag] = constant(
        [],
        "The tags that the person follows: none while following is not kept.",
        directives=[SHORT],
    )


@strawberry.type(description="A person: author, commenter or member.")
class User(IUser):
    following: bool = constant(
        False, "Whether the viewer follows the person: never while following is not kept."
    )
    follows_back: bool = constant(
        False, "Whether the person follows the viewer: never while following is not kept."
    )


@strawberry.type(description="The viewer, with what only they may see.")
class MyUser(IUser):
    @classmethod
    def is_type_of(cls, *_: object) -> bool:
        """The id of its row says `User`; a field that gives the viewer names this type."""
        return True

    @derived(
        "The email address; empty when none is known, as for imported people.",
        UserEmailById,
        columns=("email",),
    )
    def email(user: UserRow, own: UserEmailRow | None) -> str:
        return (own.email if own else None) or ""

    @derived("A new address that waits to be confirmed.", OwnAccount, columns=("unverified_email",))
    def unverified_email(user: UserRow, own: AccountRow | None) -> str | None:
        return own.unverified_email if own else None

    @derived(
        "The identity provider that the viewer has signed in with last, if any.",
        IdentitiesByUser,
        returns=str | None,
        columns=("provider",),
    )
    def provider(user: UserRow, identities: Sequence[IdentityRow]) -> str | None:
        return identities[0].provider if identities else None

    role: UserRole = strawberry.field(description="What the viewer may do in the whole deployment.")

    @field("Whether the viewer administers the deployment.", reads=("role",))
    def deployment_role(parent: strawberry.Parent[UserRow]) -> DeploymentRole:
        return DeploymentRole.ADMIN if parent.role == "SUPERUSER" else DeploymentRole.MEMBER

    email_notification_preferences: EmailNotificationPreferences = constant(
        EmailNotificationPreferences(
            activity_notifications=False,
            general_announcements=False,
            monthly_blog_stats=False,
            new_followers_weekly=False,
            weekly_newsletter_emails=False,
        ),
        "Which emails the viewer gets.",
    )

    api_keys: list[LazyApiKey] = related(
        "The keys by which programs act for the viewer, the newest first.",
        ApiKeysByUser,
        directives=[SHORT],
    )
    sessions: list[LazySession] = related(
        "Where the viewer is signed in, the newest first.", SessionsByUser, directives=[SHORT]
    )
    second_factors: LazySecondFactors = related(
        "What the viewer must show besides a password to sign in.", SecondFactorsByUser
    )

    identities: list[LazyIdentity] = related(
        "Where the viewer can sign in besides, the one used last first.",
        IdentitiesByUser,
        directives=[SHORT],
    )

    @connection("The viewer's drafts in all their publications.", UserDraftConnection)
    def drafts() -> DraftsByAuthor:
        return DraftsByAuthor()


@strawberry.type
class UserQuery:
    @lookup("The person with this username.", User | None)
    def user(
        info: Info,
        username: Annotated[
            str, strawberry.argument(description="The username, in upper or lower case.")
        ],
    ) -> tuple[UserByUsername, str]:
        return info.context.loaders(UserByUsername), username.lower()

    @field("The viewer.", returns=MyUser, permissions=[IsAuthenticated, ReadsProfile])
    async def me(self, info: Info) -> UserRow:
        viewer = info.context.viewer
        users = info.context.loaders(UserById)
        row = await users.load(viewer.user_id) if viewer else None
        if row is None:
            raise Unauthenticated("The account of this viewer no longer exists.")
        return row
