"""Series: posts that belong together."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from loaders.post import PostRow, PostsBySeries
from loaders.series import SeriesRow
from loaders.user import UserById, UserRow
from resolvers.content import Content, content_of
from resolvers.context import Info
from resolvers.fields import field
from resolvers.node import Node
from resolvers.pagination import (
    After,
    Before,
    Connection,
    CursorPage,
    Edge,
    First,
    Last,
    connect,
    edge_node,
    edges,
    nodes,
    total_documents,
)
from resolvers.post import SeriesPostConnection

if TYPE_CHECKING:
    from resolvers.user import User

LazyUser = Annotated["User", strawberry.lazy("resolvers.user")]


@strawberry.enum(description="The order of a series' posts.")
class SortOrder(Enum):
    ASC = strawberry.enum_value("asc", name="asc", description="Oldest first.")
    DSC = strawberry.enum_value("dsc", name="dsc", description="Newest first.")


@strawberry.type(description="Posts of a publication that belong together, in an order.")
class Series(Node):
    slug: str = strawberry.field(description="The last part of the series' address.")
    name: str = strawberry.field(description="The name.")
    cover_image: str | None = strawberry.field(description="URL of the cover image.")
    cuid: strawberry.ID | None = strawberry.field(
        description="The id that the series had where it was imported from."
    )
    created_at: datetime = strawberry.field(description="When the series was started.")

    @field("What the series is about.")
    def description(parent: strawberry.Parent[SeriesRow]) -> Content | None:
        return content_of(parent, "description")

    @field("Whether `posts` starts with the oldest or with the newest.")
    def sort_order(parent: strawberry.Parent[SeriesRow]) -> SortOrder:
        return SortOrder(parent.sort_order)

    @field("Who started the series.", returns=LazyUser)
    async def author(parent: strawberry.Parent[SeriesRow], info: Info) -> UserRow | None:
        return await info.context.loaders(UserById).load(parent.author_id)

    @field("The posts, in the order that `sortOrder` says.", returns=SeriesPostConnection)
    def posts(
        parent: strawberry.Parent[SeriesRow],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> CursorPage[PostRow]:
        listing = PostsBySeries(descending=parent.sort_order == "dsc")
        return connect(info, listing, parent.id, first, after, last, before)


@strawberry.type(description="A series with its place in the list.")
class SeriesEdge(Edge):
    node: Series = edge_node()


@strawberry.type(description="The series of a publication, newest first.")
class SeriesConnection(Connection):
    edges: list[SeriesEdge] = edges()
    nodes: list[Series] = nodes()
    total_documents: int = total_documents()
