"""At which identity providers the viewer is known."""

from typing import Any

from sqlalchemy import Select, select

from db.models import account as account_models
from loaders.base import RowsBy, columns
from loaders.keys import Keys
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

    def select(self, keys: Keys) -> Select[Any]:
        own = self.viewer.user_id if self.viewer else None
        return (
            select(keys.place, *columns(IdentityRow, Identity))
            .where(Identity.user_id == own)
            .where(keys.of(Identity.user_id))
            .order_by(keys.position, Identity.used_at.desc(), Identity.id.desc())
        )
