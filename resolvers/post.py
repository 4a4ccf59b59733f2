"""Posts: the type and what it is made of."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from loaders.comment import CommenterRow, CommentersByPost, CommentRow, CommentsByPost
from loaders.post import FormerSlugsByPost, PostContentById, PostRow
from loaders.publication import PublicationById, PublicationRow
from loaders.series import SeriesById, SeriesRow
from loaders.tag import TagRow, TagsByPost
from loaders.user import CoAuthorsByPost, UserById, UserRow
from resolvers.comment import (
    PostCommentConnection,
    PostCommenterConnection,
    PostCommenterSortBy,
    PostCommentSortBy,
)
from resolvers.content import Content, Presented
from resolvers.context import Info
from resolvers.fields import field
from resolvers.node import Node
from resolvers.pagination import (
    EMPTY,
    After,
    Before,
    Connection,
    CursorPage,
    Edge,
    First,
    Last,
    PageConnection,
    connect,
    edge_node,
    edges,
    nodes,
    numbered_nodes,
    total_documents,
)
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
    url: str = strawberry.field(description="Where the image is.")
    attribution: str | None = strawberry.field(description="Credit to show with the image.")
    photographer: str | None = strawberry.field(description="Who took the image.")
    is_attribution_hidden: bool = strawberry.field(description="Whether to hide the credit.")
    is_portrait: bool = strawberry.field(description="Whether the image is taller than wide.")


@strawberry.type(description="Choices of a post's author about how it is shown.")
class PostPreferences:
    disable_comments: bool = strawberry.field(description="Whether nobody may comment.")
    is_delisted: bool = strawberry.field(
        description="Whether the post is left out of the feed and of the pages of its tags."
    )
    pinned_to_blog: bool = strawberry.field(
        description="Whether the post is pinned to the top of its publication."
    )
    stick_cover_to_bottom: bool = strawberry.field(
        description="Whether the cover image stands below the title."
    )


@strawberry.type(description="Features of a post.")
class PostFeatures:
    @field("The headings of the post.")
    async def table_of_contents(
        parent: strawberry.Parent[PostRow], info: Info
    ) -> TableOfContentsFeature:
        row = await load_content(parent, info)
        return table_of_contents(parent.id, parent.table_of_contents_enabled, row.table_of_contents)


@strawberry.type(description="A person who liked a post.")
class PostLikerEdge(Edge):
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


async def load_content(post: PostRow, info: Info) -> Any:
    return await info.context.loaders(PostContentById).load(post.id)


@strawberry.type(description="A published post.")
class Post(Presented, Node):
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

    @field("When the post was last changed after it had been published.")
    def updated_at(parent: strawberry.Parent[PostRow]) -> datetime | None:
        return parent.edited_at

    @field("Whether the post is featured.")
    def featured(parent: strawberry.Parent[PostRow]) -> bool:
        return parent.featured_at is not None

    @field("How many comments and replies there are.")
    def response_count(parent: strawberry.Parent[PostRow]) -> int:
        return parent.comment_count + parent.reply_count

    @field("How long the text takes to read, at least one minute.")
    def read_time_in_minutes(parent: strawberry.Parent[PostRow]) -> int:
        return parent.read_time_minutes

    @field("How often the post has been viewed.")
    def views(parent: strawberry.Parent[PostRow]) -> int:
        return parent.view_count

    @field("Whether the text has formulas to be typeset by the frontend (`$$` or `\\(`).")
    def has_latex_in_post(parent: strawberry.Parent[PostRow]) -> bool:
        return parent.has_latex

    @field("The text.")
    async def content(parent: strawberry.Parent[PostRow], info: Info) -> Content:
        row = await load_content(parent, info)
        return Content(markdown=row.content_markdown, html=row.content_html, text=row.content_text)

    @field("The image at the head of the post.")
    def cover_image(parent: strawberry.Parent[PostRow]) -> PostCoverImage | None:
        if parent.cover_image is None:
            return None
        return PostCoverImage(
            url=parent.cover_image,
            attribution=parent.cover_attribution,
            photographer=parent.cover_photographer,
            is_attribution_hidden=parent.cover_attribution_hidden,
            is_portrait=parent.cover_portrait,
        )

    @field("The author's choices about how the post is shown.")
    def preferences(parent: strawberry.Parent[PostRow]) -> PostPreferences:
        return PostPreferences(
            disable_comments=parent.comments_disabled,
            is_delisted=parent.delisted,
            pinned_to_blog=parent.pinned_at is not None,
            stick_cover_to_bottom=parent.cover_stuck_to_bottom,
        )

    @field("Features of the post.", returns=PostFeatures)
    def features(parent: strawberry.Parent[PostRow]) -> PostRow:
        return parent

    @field("The full address of the post in its publication.")
    async def url(parent: strawberry.Parent[PostRow], info: Info) -> str:
        publication = await load_publication(parent, info)
        return f"https://{publication.host}/{parent.slug}"

    @field("The publication that the post is part of.", returns=LazyPublication)
    async def publication(parent: strawberry.Parent[PostRow], info: Info) -> PublicationRow:
        return await load_publication(parent, info)

    @field("The author.", returns=LazyUser)
    async def author(parent: strawberry.Parent[PostRow], info: Info) -> UserRow | None:
        return await info.context.loaders(UserById).load(parent.author_id)

    @field("Who wrote the post together with the author.", returns=list[LazyUser])
    async def co_authors(parent: strawberry.Parent[PostRow], info: Info) -> list[UserRow]:
        return await info.context.loaders(CoAuthorsByPost).load(parent.id)

    @field("The tags, in the author's order.", returns=list[LazyTag])
    async def tags(parent: strawberry.Parent[PostRow], info: Info) -> list[TagRow]:
        return await info.context.loaders(TagsByPost).load(parent.id)

    @field("The series that the post is part of.", returns=LazySeries | None)
    async def series(parent: strawberry.Parent[PostRow], info: Info) -> SeriesRow | None:
        if parent.series_id is None:
            return None
        return await info.context.loaders(SeriesById).load(parent.series_id)

    @field("Former slugs and paths of the post, oldest first.")
    async def previous_slugs(parent: strawberry.Parent[PostRow], info: Info) -> list[str]:
        rows = await info.context.loaders(FormerSlugsByPost).load(parent.id)
        return [row.slug for row in rows]

    @field("The comments on the post, newest first.", returns=PostCommentConnection)
    def comments(
        parent: strawberry.Parent[PostRow],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        sort_by: Annotated[
            PostCommentSortBy | None, strawberry.argument(description="The order.")
        ] = None,
    ) -> CursorPage[CommentRow]:
        listing = CommentsByPost(top=sort_by is PostCommentSortBy.TOP)
        return connect(info, listing, parent.id, first, after, last, before)

    @field("Those who commented on the post.", returns=PostCommenterConnection)
    def commenters(
        parent: strawberry.Parent[PostRow],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        sort_by: Annotated[
            PostCommenterSortBy | None, strawberry.argument(description="The order.")
        ] = None,
    ) -> CursorPage[CommenterRow]:
        listing = CommentersByPost(popular=sort_by is PostCommenterSortBy.POPULAR)
        return connect(info, listing, parent.id, first, after, last, before)

    @field("Those who liked the post: nobody while likes are not kept.", PostLikerConnection)
    def liked_by(
        parent: strawberry.Parent[PostRow],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[
            PostLikerFilter | None, strawberry.argument(description="Narrows the list.")
        ] = None,
    ) -> CursorPage[Any]:
        return EMPTY

    @field("Whether the viewer has bookmarked the post.")
    def bookmarked(parent: strawberry.Parent[PostRow]) -> bool:
        return False

    @field("Whether the viewer follows the post.")
    def is_followed(parent: strawberry.Parent[PostRow]) -> bool:
        return False

    @field("Whether the post was published from an RSS feed.", name="isAutoPublishedFromRSS")
    def is_auto_published_from_rss(parent: strawberry.Parent[PostRow]) -> bool:
        return False

    @field("Whether the post's source is in a GitHub repository.")
    def sourced_from_github(parent: strawberry.Parent[PostRow]) -> bool:
        return False


async def load_publication(post: PostRow, info: Info) -> PublicationRow:
    """A post never outlives its publication, so there is one."""
    row = await info.context.loaders(PublicationById).load(post.publication_id)
    assert row is not None  # noqa: S101 - the foreign key says so
    return row


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
    nodes: list[Post] = numbered_nodes()
    total_documents: int = total_documents()
