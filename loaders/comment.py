"""Comments and replies: by id, of a post, of a comment; and who wrote them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from db.models import comment as comment_models
from db.models import user as user_models
from db.viewer import Viewer
from db.visibility import comment_is_visible
from loaders.base import RowBy, columns
from loaders.cursors import Order
from loaders.keys import Keys
from loaders.pages import Listing
from loaders.timestamps import Timestamp
from loaders.user import AUTHOR, UserRow

Comment = comment_models.Comment

NEWEST = Order("comment.newest", ("created_at", "id"))
OLDEST = Order("comment.oldest", ("created_at", "id"), descending=False)
TOP = Order("comment.top", ("reaction_count", "created_at", "id"))
MOST_COMMENTS = Order("commenter.most_comments", ("comment_count", "id"))
LAST_COMMENT = Order("commenter.last_comment", ("commented_at", "id"))


class CommentRow:
    """A comment, or a reply when it has a parent."""

    id: str
    post_id: str
    parent_id: str | None
    author_id: str
    content_markdown: str
    content_html: str
    content_text: str
    stamp: str | None
    reaction_count: int
    created_at: Timestamp

    joined = (AUTHOR,)


class CommentById(RowBy[CommentRow]):
    """Comments and replies of posts that the viewer may see."""

    row = CommentRow
    table = Comment

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        return (comment_is_visible(self.viewer),)


@dataclass(frozen=True, slots=True)
class CommentsByPost(Listing[CommentRow]):
    """The comments of a post without replies, newest first, or those with most reactions first."""

    row = CommentRow

    top: bool = False

    @property
    def order(self) -> Order:
        return TOP if self.top else NEWEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        return select(*columns(CommentRow, Comment)).where(
            Comment.post_id == parent, Comment.parent_id.is_(None)
        )


@dataclass(frozen=True, slots=True)
class RepliesByComment(Listing[CommentRow]):
    """The replies to a comment, oldest first."""

    row = CommentRow

    @property
    def order(self) -> Order:
        return OLDEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        return select(*columns(CommentRow, Comment)).where(Comment.parent_id == parent)


class CommenterRow(UserRow):
    """A user, how many comments and replies of a post are theirs, and when the last was written."""

    comment_count: int
    commented_at: Timestamp


@dataclass(frozen=True, slots=True)
class CommentersByPost(Listing[CommenterRow]):
    """Everyone who wrote a comment or reply, who wrote last first, or who wrote most first."""

    row = CommenterRow

    popular: bool = False

    @property
    def order(self) -> Order:
        return MOST_COMMENTS if self.popular else LAST_COMMENT

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        user = user_models.User
        wrote = (
            select(
                Comment.author_id,
                func.count().label("comment_count"),
                func.max(Comment.created_at).label("commented_at"),
            )
            .where(Comment.post_id == parent)
            .group_by(Comment.author_id)
            .subquery("wrote")
        )
        return select(
            *columns(UserRow, user), wrote.c.comment_count, wrote.c.commented_at
        ).join_from(wrote, user, user.id == wrote.c.author_id)
