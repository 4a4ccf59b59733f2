"""API keys, as their people and the owners of publications see them."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from db.models import key as key_models
from db.visibility import keys_of_publication_are_listed
from loaders.base import RowsBy, columns
from loaders.keys import Keys
from loaders.timestamps import Timestamp

ApiKey = key_models.ApiKey


class ApiKeyRow:
    id: str
    user_id: str
    publication_id: str | None
    name: str
    public: str
    scopes: list[str]
    created_at: Timestamp
    expires_at: Timestamp | None
    used_at: Timestamp | None
    used_from: str | None


class ApiKeysByUser(RowsBy[ApiKeyRow]):
    """The viewer's keys that were not revoked, the newest first; none of anybody else's."""

    row = ApiKeyRow

    def select(self, keys: Keys) -> Select[Any]:
        own = self.viewer.user_id if self.viewer else None
        return _unrevoked(keys, ApiKey.user_id.expression, ApiKey.user_id == own)


class ApiKeysByPublication(RowsBy[ApiKeyRow]):
    """The keys for a publication, for its owner; none for anybody else."""

    row = ApiKeyRow

    def select(self, keys: Keys) -> Select[Any]:
        listed = keys_of_publication_are_listed(self.viewer)
        return _unrevoked(keys, ApiKey.publication_id.expression, listed)


def _unrevoked(keys: Keys, key: ColumnElement[Any], known: ColumnElement[bool]) -> Select[Any]:
    return (
        select(keys.place, *columns(ApiKeyRow, ApiKey))
        .where(ApiKey.revoked_at.is_(None), known)
        .where(keys.of(key))
        .order_by(keys.position, ApiKey.created_at.desc(), ApiKey.id.desc())
    )
