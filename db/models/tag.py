"""Tags: shared by all publications of a deployment, known by their slug."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, counter, id_has_prefix, identifier, now_column


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[str] = identifier()
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    tagline: Mapped[str | None]
    logo: Mapped[str | None]
    info_markdown: Mapped[str | None]
    info_html: Mapped[str | None]
    info_text: Mapped[str | None]
    followers_count: Mapped[int] = counter()
    created_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("tag"),
        CheckConstraint("slug <> '' and slug !~ '[[:space:]/]'", name="slug_segment"),
        CheckConstraint("name <> ''", name="name_present"),
        CheckConstraint("followers_count >= 0", name="counts_positive"),
    )
