"""Series: posts of one publication that belong together, in an order."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, id_has_prefix, identifier, now_column, one_of


class Series(Base):
    """`sort_order` says whether the posts stand oldest (`asc`) or newest (`dsc`) first."""

    __tablename__ = "series"

    id: Mapped[str] = identifier()
    publication_id: Mapped[str] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    slug: Mapped[str]
    name: Mapped[str]
    description_markdown: Mapped[str | None]
    description_html: Mapped[str | None]
    description_text: Mapped[str | None]
    cover_image: Mapped[str | None]
    cuid: Mapped[str | None]
    sort_order: Mapped[str] = mapped_column(server_default="asc")
    created_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("series"),
        one_of("sort_order", "asc", "dsc"),
        CheckConstraint("slug <> '' and slug !~ '[[:space:]/]'", name="slug_segment"),
        UniqueConstraint("publication_id", "slug"),
        UniqueConstraint("publication_id", "id"),
        Index("ix_series_publication_order", "publication_id", "created_at", "id"),
    )
