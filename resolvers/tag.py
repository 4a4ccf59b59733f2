"""Tags: what posts are about, over all publications."""

from enum import Enum
from typing import Annotated

import strawberry

from loaders.pages import Listing
from loaders.post import PostRow, PostsByTag
from loaders.tag import PopularPostsByTag, TagBySlug, TagRow
from resolvers.content import Content, content_of
from resolvers.context import Info
from resolvers.fields import field
from resolvers.node import Node
from resolvers.pagination import After, Before, CursorPage, First, Last, connect
from resolvers.post import FeedPostConnection

TRENDING_DAYS = 30


@strawberry.enum(description="The orders of a tag's posts.")
class TagPostsSort(Enum):
    POPULAR = strawberry.enum_value(
        "popular", name="popular", description="Most reactions first, then newest first."
    )
    RECENT = strawberry.enum_value("recent", name="recent", description="Newest first.")
    TRENDING = strawberry.enum_value(
        "trending",
        name="trending",
        description=f"Most reactions first, posts of the last {TRENDING_DAYS} days only.",
    )


@strawberry.input(description="Which posts of a tag to list, and in which order.")
class TagPostConnectionFilter:
    sort_by: TagPostsSort | None = strawberry.field(
        default=None, description="The order: newest first when it is not given."
    )


LISTINGS: dict[TagPostsSort | None, Listing[PostRow]] = {
    None: PostsByTag(),
    TagPostsSort.RECENT: PostsByTag(),
    TagPostsSort.POPULAR: PopularPostsByTag(),
    TagPostsSort.TRENDING: PopularPostsByTag(days=TRENDING_DAYS),
}


@strawberry.interface(description="A tag, whatever its type.")
class ITag(Node):
    slug: str = strawberry.field(description="The tag in addresses, such as `open-source`.")
    name: str = strawberry.field(description="The name to show, such as `Open Source`.")
    tagline: str | None = strawberry.field(description="One line about the tag.")
    logo: str | None = strawberry.field(description="URL of the tag's image.")
    followers_count: int = strawberry.field(description="How many people follow the tag.")

    @field("What the tag is about.")
    def info(parent: strawberry.Parent[TagRow]) -> Content | None:
        return content_of(parent, "info")

    @field("How many posts of all publications have the tag, without delisted ones.")
    async def posts_count(parent: strawberry.Parent[TagRow], info: Info) -> int:
        return await info.context.loaders.count(PostsByTag()).load(parent.id)


@strawberry.type(description="A word or phrase that says what posts are about.")
class Tag(ITag):
    @field(
        "The posts of all publications that have the tag, without delisted ones.",
        returns=FeedPostConnection,
    )
    def posts(
        parent: strawberry.Parent[TagRow],
        info: Info,
        filter: Annotated[
            TagPostConnectionFilter, strawberry.argument(description="Which, and in which order.")
        ],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> CursorPage[PostRow]:
        return connect(info, LISTINGS[filter.sort_by], parent.id, first, after, last, before)


@strawberry.type(description="A tag named in a draft that no post has had yet.")
class DraftBaseTag:
    slug: str = strawberry.field(description="The tag in addresses.")
    name: str = strawberry.field(description="The name to show.")


DraftTag = Annotated[
    Tag | DraftBaseTag,
    strawberry.union("DraftTag", description="A tag of a draft: an existing or a new one."),
]


@strawberry.type
class TagQuery:
    @field("The tag with this slug.", returns=Tag | None)
    async def tag(
        self,
        info: Info,
        slug: Annotated[str, strawberry.argument(description="The slug, such as `open-source`.")],
    ) -> TagRow | None:
        return await info.context.loaders(TagBySlug).load(slug)
