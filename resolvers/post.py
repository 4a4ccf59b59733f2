"""Posts: the type and what it is made of."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from loaders.comment import CommentersByPost, CommentsByPost
from loaders.post import FormerSlugRow, FormerSlugsByPost, PostContentById, PostContentRow, PostRow
from loaders.publication import PublicationById, PublicationRow
from loaders.series import SeriesById
from loaders.tag import TagsByPost
from loaders.user import AUTHOR, CoAuthorsByPost
from resolvers.comment import (
    PostCommentConnection,
    PostCommenterConnection,
    PostCommenterSortBy,
    PostCommentSortBy,
)
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
from resolvers.content import Content, Presented
from resolvers.fields import SHORT, column, constant, derived, field, related, same
from resolvers.node import Node
from resolvers.pagination import connection
from resolvers.table_of_contents import TableOfContentsFeature, table_of_contents

if TYPE_CHECKING:
    from resolvers.publication import Publication
    from resolvers.series import Series
    from resolvers.tag import Tag
    from resolvers.user import User

LazyPublication = Annotated["Publication", strawberry.lazy("resolvers.publication")]
LazySeries = Annotated["Series", strawberry.lazy("resolvers.series")]
LazyTag = Annotated["Tag", strawberry.lazy("resolvers.tag")]
LazyUser = Annotated["User", strawberry.lazy("resolvers.user")]


@strawberry.type(description="The image at the head of a post.")
class PostCoverImage:
    url: str = column("cover_image", "Where the image is.")
    attribution: str | None = column("cover_attribution", "Credit to show with the image.")
    photographer: str | None = column("cover_photographer", "Who took the image.")
    is_attribution_hidden: bool = column("cover_attribution_hidden", "Whether to hide the credit.")
    is_portrait: bool = column("cover_portrait", "Whether the image is taller than wide.")


@strawberry.type(description="Choices of a post's author about how it is shown.")
class PostPreferences:
    disable_comments: bool = column("comments_disabled", "Whether nobody may comment.")
    is_delisted: bool = column(
        "delisted", "Whether the post is left out of the feed and of the pages of its tags."
    )

    @field("Whether the post is pinned to the top of its publication.", reads=("pinned_at",))
    def pinned_to_blog(parent: strawberry.Parent[PostRow]) -> bool:
        return parent.pinned_at is not None

    stick_cover_to_bottom: bool = column(
        "cover_stuck_to_bottom", "Whether the cover image stands below the title."
    )


@strawberry.type(description="Features of a post.")
class PostFeatures:
    @derived(
        "The headings of the post.",
        PostContentById,
        reads=("table_of_contents_enabled",),
        columns=("table_of_contents",),
    )
    def table_of_contents(post: PostRow, content: PostContentRow) -> TableOfContentsFeature:
        return table_of_contents(post.id, post.table_of_contents_enabled, content.table_of_contents)


class LikerEdgeRow(EdgeRow):
    """An edge to a person who liked a post, with how often they did."""

    reaction_count: int


@strawberry.type(description="A person who liked a post.")
class PostLikerEdge(Edge):
    row: ClassVar[type] = LikerEdgeRow

    node: LazyUser = edge_node()
    reaction_count: int = strawberry.field(description="How many likes the person gave.")


@strawberry.type(description="The people who liked a post.")
class PostLikerConnection(Connection):
    edges: list[PostLikerEdge] = edges()
    nodes: list[LazyUser] = nodes()
    total_documents: int = total_documents()


@strawberry.input(description="Narrows the people who liked a post.")
class PostLikerFilter:
    user_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Only these users."
    )


@strawberry.type(description="A published post.")
class Post(Presented, Node):
    row: ClassVar[type] = PostRow

    slug: str = strawberry.field(description="The last part of the post's address.")
    title: str = strawberry.field(description="The title.")
    subtitle: str | None = strawberry.field(description="The line below the title.")
    brief: str = strawberry.field(
        description="The excerpt, or the beginning of the text, as plain text."
    )
    canonical_url: str | None = strawberry.field(
        description="Where the text was published first, when that was elsewhere."
    )
    cuid: str | None = strawberry.field(
        description="The id that the post had where it was imported from."
    )
    published_at: datetime = strawberry.field(description="When the post was published.")
    reaction_count: int = strawberry.field(description="How many likes all readers gave.")
    reply_count: int = strawberry.field(description="How many replies there are to comments.")
    language: str | None = strawberry.field(
        description="The language of the text as a BCP 47 tag, where it is known."
    )
    featured_at: datetime | None = strawberry.field(description="When the post was featured.")

    updated_at: datetime | None = column(
        "edited_at", "When the post was last changed after it had been published."
    )

    @field("Whether the post is featured.", reads=("featured_at",))
    def featured(parent: strawberry.Parent[PostRow]) -> bool:
        return parent.featured_at is not None

    @field("How many comments and replies there are.", reads=("comment_count", "reply_count"))
    def response_count(parent: strawberry.Parent[PostRow]) -> int:
        return parent.comment_count + parent.reply_count

    read_time_in_minutes: int = column(
        "read_time_minutes", "How long the text takes to read, at least one minute."
    )
    views: int = column("view_count", "How often the post has been viewed.")
    has_latex_in_post: bool = column(
        "has_latex", "Whether the text has formulas to be typeset by the frontend (`$$` or `\\(`)."
    )
    content: Content = related("The text.", PostContentById, prefix="content_")
    cover_image: PostCoverImage | None = same(
        "The image at the head of the post.", unless="cover_image"
    )
    preferences: PostPreferences = same("The author's choices about how the post is shown.")
    features: PostFeatures = same("Features of the post.")

    @derived(
        "The full address of the post in its publication.",
        PublicationById,
        key="publication_id",
        reads=("slug",),
        columns=("host",),
    )
    def url(post: PostRow, publication: PublicationRow) -> str:
        return f"https://{publication.host}/{post.slug}"

    publication: LazyPublication = related(
        "The publication that the post is part of.", PublicationById, key="publication_id"
    )
    author: LazyUser = same("The author.", prefix=AUTHOR.prefix)
    co_authors: list[LazyUser] = related(
        "Who wrote the post together with the author.", CoAuthorsByPost, directives=[SHORT]
    )
    tags: list[LazyTag] = related(
        "The tags, in the author's order.", TagsByPost, directives=[SHORT]
    )
    series: LazySeries | None = related(
        "The series that the post is part of.", SeriesById, key="series_id"
    )

    @derived(
        "Former slugs and paths of the post, oldest first.", FormerSlugsByPost, columns=("slug",)
    )
    def previous_slugs(post: PostRow, former: list[FormerSlugRow]) -> list[str]:
        return [row.slug for row in former]

    @connection("The comments on the post, newest first.", PostCommentConnection)
    def comments(
        sort_by: Annotated[
            PostCommentSortBy | None, strawberry.argument(description="The order.")
        ] = None,
    ) -> CommentsByPost:
        return CommentsByPost(top=sort_by is PostCommentSortBy.TOP)

    @connection("Those who commented on the post.", PostCommenterConnection)
    def commenters(
        sort_by: Annotated[
            PostCommenterSortBy | None, strawberry.argument(description="The order.")
        ] = None,
    ) -> CommentersByPost:
        return CommentersByPost(popular=sort_by is PostCommenterSortBy.POPULAR)

    @connection("Those who liked the post: nobody while likes are not kept.", PostLikerConnection)
    def liked_by(
        filter: Annotated[
            PostLikerFilter | None, strawberry.argument(description="Narrows the list.")
        ] = None,
    ) -> None:
        return None

    bookmarked: bool = constant(False, "Whether the viewer has bookmarked the post.")
    is_followed: bool = constant(False, "Whether the viewer follows the post.")
    is_auto_published_from_rss: bool = constant(
        False, "Whether the post was published from an RSS feed.", name="isAutoPublishedFromRSS"
    )
    sourced_from_github: bool = constant(
        False, "Whether the post's source is in a GitHub repository."
    )


@strawberry.type(description="A post with its place in the list.")
class PostEdge(Edge):
    node: Post = edge_node()


@strawberry.type(description="The posts of a publication.")
class PublicationPostConnection(Connection):
    edges: list[PostEdge] = edges()
    nodes: list[Post] = nodes()
    total_documents: int = total_documents()


@strawberry.type(description="The posts of a series, in its order.")
class SeriesPostConnection(Connection):
    edges: list[PostEdge] = edges()
    nodes: list[Post] = nodes()
    total_documents: int = total_documents()


@strawberry.type(description="Posts of several publications.")
class FeedPostConnection(Connection):
    edges: list[PostEdge] = edges()
    nodes: list[Post] = nodes()


@strawberry.type(description="The posts that a search has found.")
class SearchPostConnection(Connection):
    edges: list[PostEdge] = edges()
    nodes: list[Post] = nodes()


@strawberry.type(description="The posts of a publication in numbered pages.")
class PublicationPostPageConnection(PageConnection):
    nodes: list[Post] = nodes()
    total_documents: int = total_documents()
