"""Static pages: about, imprint, whatever a publication shows beside its posts."""

import strawberry

from loaders.page import StaticPageContentById, StaticPageRow
from resolvers.content import Content, Presented, content_of
from resolvers.context import Info
from resolvers.fields import field
from resolvers.node import Node
from resolvers.pagination import Connection, Edge, edge_node, edges, nodes, total_documents


@strawberry.type(description="A page of a publication that is no post, such as About.")
class StaticPage(Presented, Node):
    slug: str = strawberry.field(description="The last part of the page's address.")
    title: str = strawberry.field(description="The title.")
    hidden: bool = strawberry.field(
        description="Whether only the publication's members see the page."
    )

    @field("The text.", returns=Content)
    async def content(parent: strawberry.Parent[StaticPageRow], info: Info) -> Content | None:
        row = await info.context.loaders(StaticPageContentById).load(parent.id)
        return content_of(row, "content") if row else None


@strawberry.type(description="A static page with its place in the list.")
class StaticPageEdge(Edge):
    node: StaticPage = edge_node()


@strawberry.type(description="The static pages of a publication, newest first.")
class StaticPageConnection(Connection):
    edges: list[StaticPageEdge] = edges()
    nodes: list[StaticPage] = nodes()
    total_documents: int = total_documents()
