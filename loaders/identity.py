"""At which identity providers the viewer is known."""

from typing import Any

from sqlalchemy import Select, select

from db.models import account as account_models
from loaders.base import RowsBy, columns
from loaders.timestamps import Timestamp

Identity = account_models.Identity


class IdentityRow:
    id: str
    provider: str
    email: str | None
    created_at: Timestamp
    used_at: Timestamp


class IdentitiesByUser(RowsBy[IdentityRow]):
    """A person's identities, the one used last first; none of anybody but the viewer."""

    row = IdentityRow

    def select(self) -> Select[Any]:
        own = self.viewer.user_id if self.viewer else None
        return (
            select(Identity.user_id.label("batch_key"), *columns(IdentityRow, Identity))
            .where(Identity.user_id == own)
            .order_by(Identity.user_id, Identity.used_at.desc(), Identity.id.desc())
        )
