"""Where the viewer is signed in."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from db.models import session as session_models
from loaders.base import RowsBy, columns
from loaders.keys import Keys
from loaders.timestamps import Timestamp

Session = session_models.Session


class SessionRow:
    id: str
    method: str
    strong: bool
    user_agent: str | None
    address: str | None
    created_at: Timestamp
    used_at: Timestamp
    expires_at: Timestamp


class SessionsByUser(RowsBy[SessionRow]):
    """A person's sessions that are not over, the newest first; none of anybody but the viewer."""

    row = SessionRow

    def select(self, keys: Keys) -> Select[Any]:
        own = self.viewer.user_id if self.viewer else None
        alive: list[ColumnElement[bool]] = [
            Session.revoked_at.is_(None),
            Session.expires_at > func.now(),
            Session.user_id == own,
        ]
        return (
            select(keys.place, *columns(SessionRow, Session))
            .where(*alive)
            .where(keys.of(Session.user_id))
            .order_by(keys.position, Session.created_at.desc(), Session.id.desc())
        )
