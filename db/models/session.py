"""Sessions: where a person is signed in; and the tokens that renew them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, id_has_prefix, identifier, now_column


class Session(Base):
    """One sign-in, by a browser's cookie (`cookie_digest`) or a family of refresh tokens.

    `method` is how the person proved who they are (`password`, `passkey`, a provider's name),
    `proven_at` when they last did, and `strong` whether a second factor was among it.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = identifier()
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    method: Mapped[str]
    strong: Mapped[bool] = mapped_column(server_default="false")
    proven_at: Mapped[datetime] = now_column()
    cookie_digest: Mapped[str | None]
    user_agent: Mapped[str | None]
    address: Mapped[str | None]
    created_at: Mapped[datetime] = now_column()
    used_at: Mapped[datetime] = now_column()
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        id_has_prefix("session"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
        Index("ix_sessions_user_id", "user_id", "created_at", "id"),
        Index("ix_sessions_expires_at", "expires_at"),
        Index(
            "uq_sessions_cookie_digest",
            "cookie_digest",
            unique=True,
            postgresql_where=text("cookie_digest is not null"),
        ),
    )


class RefreshToken(Base):
    """A token of a session's family: the one that is not used is alive. `salt` leads to the next."""

    __tablename__ = "refresh_tokens"

    digest: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), index=True
    )
    salt: Mapped[str]
    created_at: Mapped[datetime] = now_column()
    used_at: Mapped[datetime | None]
