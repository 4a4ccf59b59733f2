"""People: by id, by name, and as the co-authors of posts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, any_, collate, func, select

from db.models import post as post_models
from db.models import user as user_models
from loaders.base import Loader, RowBy, RowsBy, batch_keys, columns
from loaders.pages import PARENTS

User = user_models.User


class UserRow:
    id: str
    username: str
    name: str
    email: str | None
    tagline: str | None
    bio_markdown: str | None
    bio_html: str | None
    bio_text: str | None
    location: str | None
    available_for: str | None
    profile_picture: str | None
    social_links: dict[str, Any]
    role: str
    deactivated: bool
    followers_count: int
    followings_count: int
    created_at: datetime


class UserById(RowBy[UserRow]):
    row = UserRow
    table = User


class UserByUsername(Loader[UserRow | None]):
    """Keys are usernames in any case."""

    async def load_batch(self, keys: Sequence[str]) -> list[UserRow | None]:
        wanted = func.lower(collate(PARENTS.c.key, "C"))
        found = await self.rows(
            select(PARENTS.c.key.label("batch_key"), *columns(UserRow, User)).join_from(
                PARENTS, User, func.lower(User.username) == wanted
            ),
            keys,
        )
        by_key = {row.batch_key: row for row in found}
        return [by_key.get(key) for key in keys]


class CoAuthorsByPost(RowsBy[UserRow]):
    """Who wrote a post together with its author, in the author's order."""

    def statement(self) -> Select[Any]:
        link = post_models.PostCoAuthor
        return (
            select(link.post_id.label("batch_key"), *columns(UserRow, User))
            .join_from(link, User, User.id == link.user_id)
            .where(link.post_id == any_(batch_keys()))
            .order_by(link.post_id, link.position, link.user_id)
        )
