"""Drafts: what is being written, and when it is to be published."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, flag, id_has_prefix, identifier, now_column


class Draft(Base):
    """A `restricted` draft is shown to the publication's members only, never to whoever has its id.

    The rendered columns stay null while there is no content. A draft that has been published keeps
    the post it became in `published_post_id`.
    """

    __tablename__ = "drafts"

    id: Mapped[str] = identifier()
    publication_id: Mapped[str] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    series_id: Mapped[str | None]
    published_post_id: Mapped[str | None] = mapped_column(
        ForeignKey("posts.id", ondelete="SET NULL"), unique=True
    )
    restricted: Mapped[bool] = flag()
    submitted_for_review: Mapped[bool] = flag()
    slug: Mapped[str]
    title: Mapped[str | None]
    subtitle: Mapped[str | None]
    brief: Mapped[str | None]
    content_markdown: Mapped[str | None]
    content_html: Mapped[str | None]
    content_text: Mapped[str | None]
    table_of_contents: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")
    table_of_contents_enabled: Mapped[bool] = flag(default=True)
    read_time_minutes: Mapped[int] = mapped_column(server_default="1")
    language: Mapped[str | None]
    cover_image: Mapped[str | None]
    cover_attribution: Mapped[str | None]
    cover_photographer: Mapped[str | None]
    cover_attribution_hidden: Mapped[bool] = flag()
    cover_stuck_to_bottom: Mapped[bool] = flag()
    canonical_url: Mapped[str | None]
    seo_title: Mapped[str | None]
    seo_description: Mapped[str | None]
    og_image: Mapped[str | None]
    delisted: Mapped[bool] = flag()
    comments_disabled: Mapped[bool] = flag()
    created_at: Mapped[datetime] = now_column()
    updated_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("draft"),
        CheckConstraint("slug !~ '[[:space:]/]'", name="slug_segment"),
        CheckConstraint("read_time_minutes >= 1", name="read_time_positive"),
        CheckConstraint(
            "(content_markdown is null) = (content_html is null)"
            " and (content_markdown is null) = (content_text is null)",
            name="content_rendered",
        ),
        CheckConstraint("jsonb_typeof(table_of_contents) = 'array'", name="table_of_contents_list"),
        ForeignKeyConstraint(
            ["publication_id", "series_id"],
            ["series.publication_id", "series.id"],
            ondelete="SET NULL (series_id)",
        ),
        Index("ix_drafts_series", "series_id"),
        Index(
            "ix_drafts_publication_newest",
            "publication_id",
            text("updated_at desc"),
            text("id desc"),
        ),
        Index("ix_drafts_author_newest", "author_id", text("updated_at desc"), text("id desc")),
    )


class DraftTag(Base):
    """A tag of a draft: one that exists (`tag_id`), or a name to be made one when it is published."""

    __tablename__ = "draft_tags"

    draft_id: Mapped[str] = mapped_column(
        ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True
    )
    slug: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    tag_id: Mapped[str | None] = mapped_column(
        ForeignKey("tags.id", ondelete="SET NULL"), index=True
    )
    position: Mapped[int] = mapped_column(server_default="0")


class DraftCoAuthor(Base):
    """Who writes a draft together with its author, in the author's order."""

    __tablename__ = "draft_co_authors"

    draft_id: Mapped[str] = mapped_column(
        ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(server_default="0")


class Schedule(Base):
    """When a draft is to be published, and who said so; one a draft."""

    __tablename__ = "schedules"

    id: Mapped[str] = identifier()
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"), unique=True)
    scheduled_by_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    publish_at: Mapped[datetime] = mapped_column(index=True)
    created_at: Mapped[datetime] = now_column()

    __table_args__ = (id_has_prefix("schedule"),)
