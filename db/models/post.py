"""Posts: what has been published. Their drafts live in db.models.draft."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    column,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, counter, flag, id_has_prefix, identifier, now_column, one_of

PUBLISHED = text("status = 'PUBLISHED'")

# PostgreSQL refuses a tsvector above 1 MB; a text's first quarter of a million characters stay below it.
SEARCH_DOCUMENT = (
    "setweight(to_tsvector(search_config, title), 'A')"
    " || setweight(to_tsvector(search_config, coalesce(subtitle, '') || ' ' || brief), 'B')"
    " || setweight(to_tsvector(search_config, left(content_text, 250000)), 'C')"
)


class Post(Base):
    """`table_of_contents` lists `{slug, title, level, parent}`, parent an index in the list or null.

    Counters are kept by the writes that change what they count. A removed post keeps its row and slug.
    """

    __tablename__ = "posts"

    id: Mapped[str] = identifier()
    publication_id: Mapped[str] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    series_id: Mapped[str | None]
    series_position: Mapped[int | None]
    status: Mapped[str] = mapped_column(server_default="PUBLISHED")
    slug: Mapped[str]
    title: Mapped[str]
    subtitle: Mapped[str | None]
    brief: Mapped[str]
    content_markdown: Mapped[str]
    content_html: Mapped[str]
    content_text: Mapped[str]
    table_of_contents: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")
    table_of_contents_enabled: Mapped[bool] = flag(default=True)
    read_time_minutes: Mapped[int]
    has_latex: Mapped[bool] = flag()
    language: Mapped[str | None]
    search_config: Mapped[str] = mapped_column(REGCONFIG, server_default="english")
    search_document: Mapped[str] = mapped_column(
        TSVECTOR, Computed(SEARCH_DOCUMENT, persisted=True)
    )
    cover_image: Mapped[str | None]
    cover_attribution: Mapped[str | None]
    cover_photographer: Mapped[str | None]
    cover_attribution_hidden: Mapped[bool] = flag()
    cover_portrait: Mapped[bool] = flag()
    cover_stuck_to_bottom: Mapped[bool] = flag()
    canonical_url: Mapped[str | None]
    seo_title: Mapped[str | None]
    seo_description: Mapped[str | None]
    og_image: Mapped[str | None]
    cuid: Mapped[str | None]
    delisted: Mapped[bool] = flag()
    comments_disabled: Mapped[bool] = flag()
    pinned_at: Mapped[datetime | None]
    featured_at: Mapped[datetime | None]
    comment_count: Mapped[int] = counter()
    reply_count: Mapped[int] = counter()
    reaction_count: Mapped[int] = counter()
    view_count: Mapped[int] = counter()
    published_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("post"),
        one_of("status", "PUBLISHED", "REMOVED"),
        CheckConstraint("slug <> '' and slug !~ '[[:space:]/]'", name="slug_segment"),
        CheckConstraint("title <> ''", name="title_present"),
        CheckConstraint("read_time_minutes >= 1", name="read_time_positive"),
        CheckConstraint("jsonb_typeof(table_of_contents) = 'array'", name="table_of_contents_list"),
        CheckConstraint(
            "comment_count >= 0 and reply_count >= 0 and reaction_count >= 0 and view_count >= 0",
            name="counts_positive",
        ),
        ForeignKeyConstraint(
            ["publication_id", "series_id"],
            ["series.publication_id", "series.id"],
            ondelete="SET NULL (series_id)",
        ),
        UniqueConstraint("publication_id", "slug"),
        UniqueConstraint("publication_id", "id"),
        Index(
            "ix_posts_publication_newest",
            "publication_id",
            text("published_at desc"),
            text("id desc"),
            postgresql_where=PUBLISHED,
        ),
        Index(
            "ix_posts_newest",
            text("published_at desc"),
            text("id desc"),
            postgresql_where=text("status = 'PUBLISHED' and not delisted"),
        ),
        Index(
            "ix_posts_author_newest",
            "author_id",
            text("published_at desc"),
            text("id desc"),
            postgresql_where=PUBLISHED,
        ),
        Index(
            "ix_posts_series",
            "series_id",
            "published_at",
            "id",
            postgresql_where=PUBLISHED,
        ),
        Index(
            "ix_posts_pinned",
            "publication_id",
            text("pinned_at desc"),
            postgresql_where=text("pinned_at is not null and status = 'PUBLISHED'"),
        ),
        Index("ix_posts_removed", "publication_id", postgresql_where=text("status = 'REMOVED'")),
        Index("ix_posts_search", "search_document", postgresql_using="gin"),
    )


# A view of posts that everybody may see: an index answers a text search here, and not below the
# policies of the table itself.
PUBLISHED_POSTS = table(
    "published_posts",
    column("id", Text(collation="C")),
    column("publication_id", Text(collation="C")),
    column("search_document", TSVECTOR),
)


class PostTag(Base):
    """A tag of a post, in the author's order."""

    __tablename__ = "post_tags"

    post_id: Mapped[str] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[str] = mapped_column(
        ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(server_default="0")


class PostCoAuthor(Base):
    """Who wrote a post together with its author, in the author's order."""

    __tablename__ = "post_co_authors"

    post_id: Mapped[str] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(server_default="0")


class FormerSlug(Base):
    """An address that a post had: a former slug, or a whole former path (`2025/06/26/title`)."""

    __tablename__ = "former_slugs"

    publication_id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    post_id: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[datetime] = now_column()

    __table_args__ = (
        CheckConstraint("slug <> '' and slug not like '/%'", name="slug_relative"),
        ForeignKeyConstraint(
            ["publication_id", "post_id"],
            ["posts.publication_id", "posts.id"],
            ondelete="CASCADE",
        ),
    )
