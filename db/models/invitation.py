"""Invitations to a publication: to one address, and by a link for several people."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, counter, id_has_prefix, identifier, now_column, one_of

ROLES = ("EDITOR", "CONTRIBUTOR")


class Invitation(Base):
    """An invitation that waits to be accepted: to an address, or to a person known by username.

    `digest` is that of the token that was mailed. The address of a person known by username is theirs,
    and stands in their row alone.
    """

    __tablename__ = "invitations"

    id: Mapped[str] = identifier()
    publication_id: Mapped[str] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    email: Mapped[str | None]
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    invited_by: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = now_column()
    expires_at: Mapped[datetime]

    __table_args__ = (
        id_has_prefix("invite"),
        one_of("role", *ROLES),
        CheckConstraint("(email is null) <> (user_id is null)", name="one_invited"),
        Index("uq_invitations_user_id", "user_id", "publication_id", unique=True),
        Index("uq_invitations_email", "publication_id", text("lower(email)"), unique=True),
        Index("ix_invitations_publication_order", "publication_id", "created_at", "id"),
    )


class RoleInvitation(Base):
    """A link by which up to `capacity` people (None: any number) join with a role.

    `token` is sealed: members who may invite see the link again; `digest` finds it.
    """

    __tablename__ = "role_invitations"

    id: Mapped[str] = identifier()
    publication_id: Mapped[str] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    role: Mapped[str]
    token: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    capacity: Mapped[int | None]
    used: Mapped[int] = counter()
    created_by: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = now_column()
    expires_at: Mapped[datetime | None]

    __table_args__ = (
        id_has_prefix("invitelink"),
        one_of("role", *ROLES),
        CheckConstraint("capacity > 0 and used <= capacity", name="capacity_kept"),
        Index("ix_role_invitations_publication_order", "publication_id", "created_at", "id"),
    )
