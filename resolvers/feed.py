"""Posts of several publications, posts found by words, and one post by id."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated

import strawberry

from db.errors import FieldError, Invalid
from engine.fields import Call, batched
from loaders.post import Feed, PostById, PostsFound, Tagged
from resolvers.context import Info
from resolvers.fields import lookup
from resolvers.filters import optional_tuple
from resolvers.pagination import (
    BY_CURSOR,
    After,
    Before,
    First,
    Last,
    Selected,
    by_cursor,
    connection,
    select,
)
from resolvers.post import FeedPostConnection, Post, SearchPostConnection
from resolvers.scalars import ObjectId
from resolvers.time import TimeFilter, time_range

LONGEST_QUERY = 200


@strawberry.enum(description="Which posts a feed has.")
class FeedType(Enum):
    BOOKMARKS = strawberry.enum_value(
        "BOOKMARKS", description="What the viewer bookmarked: none while bookmarks are not kept."
    )
    FEATURED = strawberry.enum_value("FEATURED", description="Featured posts, newest first.")
    FOLLOWING = strawberry.enum_value(
        "FOLLOWING", description="Posts of those the viewer follows: none while that is not kept."
    )
    PERSONALIZED = strawberry.enum_value(
        "PERSONALIZED", description="Posts for the viewer: at present the newest."
    )
    READING_HISTORY = strawberry.enum_value(
        "READING_HISTORY", description="What the viewer has read: none while that is not kept."
    )
    RECENT = strawberry.enum_value("RECENT", description="The newest posts.")
    RELEVANT = strawberry.enum_value(
        "RELEVANT", description="Posts of interest: at present the newest."
    )


# Feeds made of what the viewer did, which nothing records yet.
UNRECORDED = frozenset({FeedType.BOOKMARKS, FeedType.FOLLOWING, FeedType.READING_HISTORY})


@strawberry.input(description="Narrows a feed.")
class FeedFilter:
    max_read_time: int | None = strawberry.field(
        default=None, description="Posts that take at most so many minutes to read."
    )
    min_read_time: int | None = strawberry.field(
        default=None, description="Posts that take at least so many minutes to read."
    )
    tags: list[ObjectId] | None = strawberry.field(
        default=None, description="Posts that have any of these tags, by id; empty keeps all."
    )
    type: FeedType | None = strawberry.field(
        default=None, description="Which posts: the newest when left out."
    )


@strawberry.input(description="Which posts of a publication to find.")
class SearchPostsOfPublicationFilter:
    publication_id: ObjectId = strawberry.field(description="The publication.")
    query: str | None = strawberry.field(
        default=None,
        description="Words, or beginnings of words, that all stand in the title, subtitle or text."
        f" At most {LONGEST_QUERY} characters.",
    )
    author_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Posts of these authors."
    )
    deleted_only: bool | None = strawberry.field(
        default=None, description="Removed posts instead: for the publication's members only."
    )
    tag_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Posts that have any of these tags."
    )
    time: TimeFilter | None = strawberry.field(
        default=None, description="Posts published within this time."
    )


def found_posts(
    parents: Sequence[object],
    call: Call,
    filter: Annotated[
        SearchPostsOfPublicationFilter, strawberry.argument(description="What to find.")
    ],
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> list[Selected]:
    """The publication is named by the filter, not by the parent."""
    loaders = call.info.context.loaders
    wanted = by_cursor(posts_found(filter), first, after, last, before)
    return [(select(loaders, wanted), filter.publication_id)] * len(parents)


def posts_found(filter: SearchPostsOfPublicationFilter) -> PostsFound | None:
    words = words_of(filter.query)
    if not words and filter.query and not filter.query.isspace():
        return None
    since, until = time_range(filter.time, datetime.now(UTC))
    return PostsFound(
        words=words or None,
        author_ids=optional_tuple(filter.author_ids),
        tagged=Tagged(ids=optional_tuple(filter.tag_ids)),
        since=since,
        until=until,
        removed=bool(filter.deleted_only),
    )


def words_of(query: str | None) -> tuple[str, ...]:
    """The runs of letters and digits; raises Invalid when the query is too long."""
    if query is None:
        return ()
    if len(query) > LONGEST_QUERY:
        message = f"A search has at most {LONGEST_QUERY} characters."
        raise Invalid(message, [FieldError(("filter", "query"), message)])
    return tuple(re.findall(r"[^\W_]+", query))


@strawberry.type
class PostQuery:
    @lookup("A post by its id; null when there is none.", Post | None)
    def post(
        info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The post's id.")]
    ) -> tuple[PostById, str]:
        return info.context.loaders(PostById), id

    @connection("Posts of all publications, newest first.", FeedPostConnection, key=None)
    def feed(
        filter: Annotated[
            FeedFilter | None, strawberry.argument(description="Narrows the list.")
        ] = None,
    ) -> Feed | None:
        chosen = filter or FeedFilter()
        if chosen.type in UNRECORDED:
            return None
        return Feed(
            Tagged(ids=optional_tuple(chosen.tags)),
            min_read_time=chosen.min_read_time,
            max_read_time=chosen.max_read_time,
            featured=chosen.type is FeedType.FEATURED,
        )

    search_posts_of_publication: SearchPostConnection = batched(
        found_posts,
        reads=(),
        typed=True,
        description="The posts of a publication that have some words, newest first.",
        directives=[BY_CURSOR],
    )
