"""Comments and their replies, and who wrote them."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from loaders.comment import CommentRow, RepliesByComment
from loaders.user import AUTHOR
from resolvers.connections import (
    Connection,
    Edge,
    edge_node,
    edges,
    nodes,
    total_documents,
)
from resolvers.content import Content
from resolvers.fields import column, constant, same
from resolvers.node import Node
from resolvers.pagination import connection

if TYPE_CHECKING:
    from resolvers.user import User

LazyUser = Annotated["User", strawberry.lazy("resolvers.user")]


@strawberry.enum(description="The orders of a post's comments.")
class PostCommentSortBy(Enum):
    RECENT = strawberry.enum_value("RECENT", description="Newest first.")
    TOP = strawberry.enum_value("TOP", description="Most reactions first, then newest first.")


@strawberry.enum(description="The orders of those who commented on a post.")
class PostCommenterSortBy(Enum):
    POPULAR = strawberry.enum_value(
        "POPULAR", description="Who wrote most comments and replies first."
    )
    RECENT = strawberry.enum_value(
        "RECENT", description="Who wrote the newest comment or reply first."
    )


@strawberry.type(description="What comments and replies have in common.")
class Response(Node):
    row: ClassVar[type] = CommentRow

    stamp: str | None = strawberry.field(
        description="A mark that an imported comment had, such as its kind."
    )
    content: Content = same("The text.", prefix="content_")
    author: LazyUser = same("Who wrote it.", prefix=AUTHOR.prefix)
    date_added: datetime = column("created_at", "When it was written.")
    total_reactions: int = column("reaction_count", "How many reactions it got from all readers.")
    my_total_reactions: int = constant(
        0, "How many of the reactions are the viewer's: none while they are not kept by reader."
    )


@strawberry.type(description="An answer to a comment.")
class Reply(Response):
    pass


@strawberry.type(description="A reply with its place in the list.")
class CommentReplyEdge(Edge):
    node: Reply = edge_node()


@strawberry.type(description="The replies to a comment, oldest first.")
class CommentReplyConnection(Connection):
    edges: list[CommentReplyEdge] = edges()
    nodes: list[Reply] = nodes()
    total_documents: int = total_documents()


@strawberry.type(description="A comment on a post.")
class Comment(Response):
    @connection("The replies, oldest first.", CommentReplyConnection)
    def replies() -> RepliesByComment:
        return RepliesByComment()


@strawberry.type(description="A comment with its place in the list.")
class PostCommentEdge(Edge):
    node: Comment = edge_node()


@strawberry.type(description="The comments on a post.")
class PostCommentConnection(Connection):
    edges: list[PostCommentEdge] = edges()
    nodes: list[Comment] = nodes()
    total_documents: int = total_documents()


@strawberry.type(description="Someone who commented on a post, with their place in the list.")
class PostCommenterEdge(Edge):
    node: LazyUser = edge_node()


@strawberry.type(description="Those who wrote comments on a post or replies to them, each once.")
class PostCommenterConnection(Connection):
    edges: list[PostCommenterEdge] = edges()
    nodes: list[LazyUser] = nodes()
    total_documents: int = total_documents()
