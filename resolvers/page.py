"""Static pages: about, imprint, whatever a publication shows beside its posts."""

from typing import ClassVar

import strawberry

from loaders.page import StaticPageContentById, StaticPageRow
from resolvers.connections import (
    Connection,
    Edge,
    edge_node,
    edges,
    nodes,
    total_documents,
)
from resolvers.content import Content, Presented
from resolvers.fields import related
from resolvers.node import Node


@strawberry.type(description="A page of a publication that is no post, such as About.")
class StaticPage(Presented, Node):
    row: ClassVar[type] = StaticPageRow

    slug: str = strawberry.field(description="The last part of the page's address.")
    title: str = strawberry.field(description="The title.")
    hidden: bool = strawberry.field(
        description="Whether only the publication's members see the page."
    )
    content: Content = related("The text.", StaticPageContentById, prefix="content_")


@strawberry.type(description="A static page with its place in the list.")
class StaticPageEdge(Edge):
    node: StaticPage = edge_node()


@strawberry.type(description="The static pages of a publication, newest first.")
class StaticPageConnection(Connection):
    edges: list[StaticPageEdge] = edges()
    nodes: list[StaticPage] = nodes()
    total_documents: int = total_documents()
