"""Accounts: what lets a person sign in. Profiles stand apart (`user`), for everybody may see those."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, flag, id_has_prefix, identifier, now_column, one_of


class Account(Base):
    """A person who can sign in with the address in `users.email`, which has been verified.

    `unverified_email` is the address to change to, once that is verified. `disabled_at` is an
    administrator's doing, `deletion_due_at` the person's own: when all of the account will be gone,
    and with `deletion_removes_posts` what they wrote, too.
    """

    __tablename__ = "accounts"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    password_hash: Mapped[str | None]
    password_changed_at: Mapped[datetime | None]
    unverified_email: Mapped[str | None]
    disabled_at: Mapped[datetime | None]
    deletion_due_at: Mapped[datetime | None] = mapped_column(index=True)
    deletion_removes_posts: Mapped[bool] = flag()
    created_at: Mapped[datetime] = now_column()


class EmailToken(Base):
    """A link that was mailed to `email`, to be used once: whoever has it reads that mail.

    `details` has what was asked for: at SIGN_UP the person to be.
    """

    __tablename__ = "email_tokens"

    digest: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    created_at: Mapped[datetime] = now_column()
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        one_of("purpose", "SIGN_UP", "CHANGE_EMAIL", "RESET_PASSWORD"),
        CheckConstraint("(user_id is null) = (purpose = 'SIGN_UP')", name="user_known"),
    )


class Lockout(Base):
    """Failed attempts of one `subject`, an account or a network address, since its last success."""

    __tablename__ = "lockouts"

    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime] = mapped_column(index=True)
    locked_until: Mapped[datetime | None]


class Identity(Base):
    """A person at another identity provider: signing in there is signing in here.

    `tokens` is sealed (`identity.secrets`): what the provider gave us for the person.
    """

    __tablename__ = "identities"

    id: Mapped[str] = identifier()
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str]
    issuer: Mapped[str]
    subject: Mapped[str]
    email: Mapped[str | None]
    tokens: Mapped[str | None]
    created_at: Mapped[datetime] = now_column()
    used_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("identity"),
        Index("uq_identities_subject", "issuer", "subject", unique=True),
    )
