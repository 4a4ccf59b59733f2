"""Tags: what posts are about, over all publications."""

from enum import Enum
from typing import Annotated, ClassVar

import strawberry

from loaders.pages import CountOf, Listing
from loaders.post import PostRow, PostsByTag
from loaders.tag import PopularPostsByTag, TagBySlug, TagRow
from resolvers.content import Content
from resolvers.context import Info
from resolvers.fields import lookup, relation, same
from resolvers.node import Node
from resolvers.pagination import connection
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
    row: ClassVar[type] = TagRow

    slug: str = strawberry.field(description="The tag in addresses, such as `open-source`.")
    name: str = strawberry.field(description="The name to show, such as `Open Source`.")
    tagline: str | None = strawberry.field(description="One line about the tag.")
    logo: str | None = strawberry.field(description="URL of the tag's image.")
    followers_count: int = strawberry.field(description="How many people follow the tag.")
    info: Content | None = same("What the tag is about.", prefix="info_", unless="info_markdown")

    @relation(
        "How many posts of all publications have the tag, without delisted ones.", int, rows=False
    )
    def posts_count(info: Info) -> CountOf:
        return info.context.loaders.count(PostsByTag())


@strawberry.type(description="A word or phrase that says what posts are about.")
class Tag(ITag):
    @connection(
        "The posts of all publications that have the tag, without delisted ones.",
        FeedPostConnection,
    )
    def posts(
        filter: Annotated[
            TagPostConnectionFilter, strawberry.argument(description="Which, and in which order.")
        ],
    ) -> Listing[PostRow]:
        return LISTINGS[filter.sort_by]


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
    @lookup("The tag with this slug.", Tag | None)
    def tag(
        info: Info,
        slug: Annotated[str, strawberry.argument(description="The slug, such as `open-source`.")],
    ) -> tuple[TagBySlug, str]:
        return info.context.loaders(TagBySlug), slug
