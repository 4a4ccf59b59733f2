"""Comments on posts, and the replies to them: two levels, as the API shows them."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, counter, flag, id_has_prefix, identifier, now_column


class Comment(Base):
    """A comment has no parent; a reply has the comment that it answers, on the same post.

    `hidden` is kept by PostgreSQL (migration 0006): whether the post is not published.
    """

    __tablename__ = "comments"

    id: Mapped[str] = identifier()
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    parent_id: Mapped[str | None]
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    content_markdown: Mapped[str]
    content_html: Mapped[str]
    content_text: Mapped[str]
    stamp: Mapped[str | None]
    reaction_count: Mapped[int] = counter()
    hidden: Mapped[bool] = flag()
    created_at: Mapped[datetime] = now_column()
    updated_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("comment", "reply"),
        CheckConstraint(
            "(parent_id is null) = starts_with(id, 'comment_')", name="replies_have_parents"
        ),
        CheckConstraint(
            "parent_id is null or starts_with(parent_id, 'comment_')", name="two_levels"
        ),
        CheckConstraint("reaction_count >= 0", name="counts_positive"),
        UniqueConstraint("post_id", "id"),
        ForeignKeyConstraint(
            ["post_id", "parent_id"], ["comments.post_id", "comments.id"], ondelete="CASCADE"
        ),
        Index(
            "ix_comments_post_newest",
            "post_id",
            text("created_at desc"),
            text("id desc"),
            postgresql_where=text("parent_id is null"),
        ),
        Index(
            "ix_comments_post_top",
            "post_id",
            text("reaction_count desc"),
            text("created_at desc"),
            text("id desc"),
            postgresql_where=text("parent_id is null"),
        ),
        Index("ix_comments_replies", "parent_id", "created_at", "id"),
        Index("ix_comments_post_author", "post_id", "author_id"),
        Index("ix_comments_author", "author_id"),
    )
