"""Files and images that a publication's posts and pages refer to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, id_has_prefix, identifier, now_column


class MediaReference(Base):
    """`url` is what the text says; `file` the path below the imported folder when it lies there."""

    __tablename__ = "media_references"

    id: Mapped[str] = identifier()
    publication_id: Mapped[str] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), index=True
    )
    post_id: Mapped[str | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    draft_id: Mapped[str | None] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"))
    page_id: Mapped[str | None] = mapped_column(ForeignKey("static_pages.id", ondelete="CASCADE"))
    url: Mapped[str]
    file: Mapped[str | None]
    alt: Mapped[str | None]
    content_type: Mapped[str | None]
    created_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("media"),
        CheckConstraint("num_nonnulls(post_id, draft_id, page_id) = 1", name="one_place"),
        Index("uq_media_references_post", "post_id", "url", unique=True),
        Index("uq_media_references_draft", "draft_id", "url", unique=True),
        Index("uq_media_references_page", "page_id", "url", unique=True),
    )
