"""People: authors, commenters, members. Imported people have a profile and no way to sign in."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, counter, flag, id_has_prefix, identifier, now_column, one_of


class User(Base):
    """`social_links` maps a network's name (`github`, `website`, ...) to a URL."""

    __tablename__ = "users"

    id: Mapped[str] = identifier()
    username: Mapped[str]
    name: Mapped[str]
    email: Mapped[str | None]
    tagline: Mapped[str | None]
    bio_markdown: Mapped[str | None]
    bio_html: Mapped[str | None]
    bio_text: Mapped[str | None]
    location: Mapped[str | None]
    available_for: Mapped[str | None]
    profile_picture: Mapped[str | None]
    social_links: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    role: Mapped[str] = mapped_column(server_default="USER")
    deactivated: Mapped[bool] = flag()
    followers_count: Mapped[int] = counter()
    followings_count: Mapped[int] = counter()
    created_at: Mapped[datetime] = now_column()
    updated_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("user"),
        one_of("role", "USER", "MODERATOR", "SUPERUSER"),
        CheckConstraint("username <> '' and username !~ '[[:space:]/]'", name="username_segment"),
        CheckConstraint("name <> ''", name="name_present"),
        CheckConstraint("jsonb_typeof(social_links) = 'object'", name="social_links_object"),
        CheckConstraint(
            "(bio_markdown is null) = (bio_html is null)"
            " and (bio_markdown is null) = (bio_text is null)",
            name="bio_rendered",
        ),
        CheckConstraint("followers_count >= 0 and followings_count >= 0", name="counts_positive"),
        Index("uq_users_username", text("lower(username)"), unique=True),
        Index("uq_users_email", text("lower(email)"), unique=True),
    )
