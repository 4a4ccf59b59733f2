"""Static pages of a publication: about, imprint, uses."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, flag, id_has_prefix, identifier, now_column


class StaticPage(Base):
    """A `hidden` page is not public."""

    __tablename__ = "static_pages"

    id: Mapped[str] = identifier()
    publication_id: Mapped[str] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    slug: Mapped[str]
    title: Mapped[str]
    content_markdown: Mapped[str]
    content_html: Mapped[str]
    content_text: Mapped[str]
    hidden: Mapped[bool] = flag()
    seo_title: Mapped[str | None]
    seo_description: Mapped[str | None]
    og_image: Mapped[str | None]
    created_at: Mapped[datetime] = now_column()
    updated_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("page"),
        CheckConstraint("slug <> '' and slug !~ '[[:space:]/]'", name="slug_segment"),
        UniqueConstraint("publication_id", "slug"),
        Index("ix_static_pages_publication_order", "publication_id", "created_at", "id"),
    )
