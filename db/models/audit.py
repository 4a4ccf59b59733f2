"""The audit log: who did what that matters for security, from where, and how it went."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, id_has_prefix, identifier, now_column, one_of


class AuditEvent(Base):
    """Append-only for the application. It outlives whom and what it names, so its ids are no foreign keys.

    `actor_id` is who did it, None where nobody was signed in; `target_id` what it was done to.
    """

    __tablename__ = "audit_events"

    id: Mapped[str] = identifier()
    at: Mapped[datetime] = now_column()
    actor_id: Mapped[str | None]
    session_id: Mapped[str | None]
    key_id: Mapped[str | None]
    address: Mapped[str | None]
    user_agent: Mapped[str | None]
    request_id: Mapped[str | None]
    action: Mapped[str]
    target_id: Mapped[str | None]
    result: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(server_default="{}")

    __table_args__ = (
        id_has_prefix("audit"),
        one_of("result", "SUCCESS", "FAILURE"),
        Index("ix_audit_events_newest", "at", "id"),
        Index("ix_audit_events_actor_id", "actor_id", "at", "id"),
        Index("ix_audit_events_target_id", "target_id", "at", "id"),
        Index("ix_audit_events_action", "action", "at", "id"),
    )
