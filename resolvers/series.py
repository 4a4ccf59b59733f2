"""Series: posts that belong together."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from engine.fields import Call, batched
from loaders.post import PostsBySeries
from loaders.series import SeriesRow
from loaders.user import UserById
from resolvers.connections import (
    Connection,
    Edge,
    edge_node,
    edges,
    nodes,
    total_documents,
)
from resolvers.content import Content
from resolvers.fields import related, same
from resolvers.node import Node
from resolvers.pagination import BY_CURSOR, After, Before, First, Last, Selected, by_cursor, select
from resolvers.post import SeriesPostConnection

if TYPE_CHECKING:
    from resolvers.user import User

LazyUser = Annotated["User", strawberry.lazy("resolvers.user")]


@strawberry.enum(description="The order of a series' posts.")
class SortOrder(Enum):
    ASC = strawberry.enum_value("asc", name="asc", description="Oldest first.")
    DSC = strawberry.enum_value("dsc", name="dsc", description="Newest first.")


def posts_in_order(
    parents: Sequence[SeriesRow],
    call: Call,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> list[Selected]:
    """Each series has an order of its own."""
    selections = {
        order: select(
            call.info.context.loaders,
            by_cursor(PostsBySeries(descending=order == "dsc"), first, after, last, before),
        )
        for order in {series.sort_order for series in parents}
    }
    return [(selections[series.sort_order], series.id) for series in parents]


@strawberry.type(description="Posts of a publication that belong together, in an order.")
class Series(Node):
    row: ClassVar[type] = SeriesRow

    slug: str = strawberry.field(description="The last part of the series' address.")
    name: str = strawberry.field(description="The name.")
    cover_image: str | None = strawberry.field(description="URL of the cover image.")
    cuid: strawberry.ID | None = strawberry.field(
        description="The id that the series had where it was imported from."
    )
    created_at: datetime = strawberry.field(description="When the series was started.")
    description: Content | None = same(
        "What the series is about.", prefix="description_", unless="description_markdown"
    )
    sort_order: SortOrder = strawberry.field(
        description="Whether `posts` starts with the oldest or with the newest."
    )
    author: LazyUser = related("Who started the series.", UserById, key="author_id")
    posts: SeriesPostConnection = batched(
        posts_in_order,
        reads=("id", "sort_order"),
        typed=True,
        description="The posts, in the order that `sortOrder` says.",
        directives=[BY_CURSOR],
    )


@strawberry.type(description="A series with its place in the list.")
class SeriesEdge(Edge):
    node: Series = edge_node()


@strawberry.type(description="The series of a publication, newest first.")
class SeriesConnection(Connection):
    edges: list[SeriesEdge] = edges()
    nodes: list[Series] = nodes()
    total_documents: int = total_documents()
