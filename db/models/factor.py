"""Second factors, and the challenges that wait for an answer."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, counter, flag, id_has_prefix, identifier, now_column, one_of


class Totp(Base):
    """An authenticator app's seed, sealed; no code up to `last_step` is taken again (RFC 6238, 5.2)."""

    __tablename__ = "totps"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    seed: Mapped[str]
    last_step: Mapped[int] = counter()
    created_at: Mapped[datetime] = now_column()
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code for the day when the second factor is lost, to be used once."""

    __tablename__ = "recovery_codes"

    digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = now_column()
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A WebAuthn credential: its id and public key in base64url, and how often it has signed."""

    __tablename__ = "passkeys"

    id: Mapped[str] = identifier()
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    sign_count: Mapped[int] = counter()
    name: Mapped[str]
    backed_up: Mapped[bool] = flag()
    created_at: Mapped[datetime] = now_column()
    used_at: Mapped[datetime | None]

    __table_args__ = (
        id_has_prefix("passkey"),
        Index("ix_passkeys_user_id", "user_id", "created_at", "id"),
    )


class Challenge(Base):
    """Something that was asked and is to be answered once, soon: `details` is what the answer needs.

    SECOND_FACTOR is a sign-in that waits for it, PASSKEY_… are WebAuthn's, OIDC a provider's sign-in.
    """

    __tablename__ = "challenges"

    digest: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    details: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    failures: Mapped[int] = counter()
    created_at: Mapped[datetime] = now_column()
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        one_of("purpose", "SECOND_FACTOR", "PASSKEY_REGISTRATION", "PASSKEY_ASSERTION", "OIDC"),
    )
