"""The audit log, for administrators."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select

from db.models import audit as audit_models
from db.viewer import Viewer
from loaders.base import columns
from loaders.cursors import Order
from loaders.pages import Listing
from loaders.timestamps import Timestamp

AuditEvent = audit_models.AuditEvent

NEWEST = Order("audit.at", ("at", "id"))


class AuditEventRow:
    id: str
    at: Timestamp
    actor_id: str | None
    session_id: str | None
    key_id: str | None
    address: str | None
    user_agent: str | None
    request_id: str | None
    action: str
    target_id: str | None
    result: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditEvents(Listing[AuditEventRow]):
    """What was done, the newest first; nothing for those who are not administrators."""

    row = AuditEventRow

    actor_id: str | None = None
    target_id: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def order(self) -> Order:
        return NEWEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        found = select(*columns(AuditEventRow, AuditEvent))
        if viewer is None or not viewer.is_admin:
            return found.where(false())
        return found.where(*self._conditions())

    def _conditions(self) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = []
        if self.actor_id is not None:
            wanted.append(AuditEvent.actor_id == self.actor_id)
        if self.target_id is not None:
            wanted.append(AuditEvent.target_id == self.target_id)
        if self.action is not None:
            wanted.append(AuditEvent.action == self.action)
        if self.since is not None:
            wanted.append(AuditEvent.at >= self.since)
        if self.until is not None:
            wanted.append(AuditEvent.at < self.until)
        return wanted
