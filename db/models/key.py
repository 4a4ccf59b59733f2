"""Keys: those of people and services that call us, and those that we sign access tokens with."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, id_has_prefix, identifier, now_column, one_of


class ApiKey(Base):
    """A key that acts for a person, within `scopes`; with a publication, for that one only.

    `public` finds it, and may be shown (`identity.opaque`).
    """

    __tablename__ = "api_keys"

    id: Mapped[str] = identifier()
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    publication_id: Mapped[str | None] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE")
    )
    name: Mapped[str]
    public: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")))
    created_at: Mapped[datetime] = now_column()
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    used_from: Mapped[str | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        id_has_prefix("key"),
        Index("ix_api_keys_user_id", "user_id", "created_at", "id"),
        Index("ix_api_keys_publication_id", "publication_id", "created_at", "id"),
    )


class SigningKey(Base):
    """A key that signs access tokens (`identity.tokens`); `private` is sealed."""

    __tablename__ = "signing_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    algorithm: Mapped[str]
    private: Mapped[str]
    created_at: Mapped[datetime] = now_column()
    active_from: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    __table_args__ = (one_of("algorithm", "EdDSA", "ES256", "RS256", "HS256"),)
