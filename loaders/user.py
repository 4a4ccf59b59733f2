"""People: by id, by name, and as the co-authors of posts."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from db.models import post as post_models
from db.models import user as user_models
from loaders.base import Joined, RowBy, RowsBy, columns
from loaders.keys import Keys
from loaders.timestamps import Timestamp

User = user_models.User


class UserRow:
    id: str
    username: str
    name: str
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
    created_at: Timestamp


AUTHOR = Joined(UserRow, User, "author_")
"""Who wrote it."""


class UserById(RowBy[UserRow]):
    row = UserRow
    table = User


class UserEmailRow:
    id: str
    email: str | None


class UserEmailById(RowBy[UserEmailRow]):
    """Apart from `UserRow`, which everybody may see: only a user's own view loads the address."""

    row = UserEmailRow
    table = User


class UserByUsername(RowBy[UserRow]):
    """Keys are usernames in lower case."""

    row = UserRow
    table = User

    def key_column(self) -> ColumnElement[str]:
        return func.lower(User.username)


class CoAuthorsByPost(RowsBy[UserRow]):
    """Who wrote a post together with its author, in the author's order."""

    row = UserRow

    def select(self, keys: Keys) -> Select[Any]:
        link = post_models.PostCoAuthor
        return (
            select(keys.place, *columns(UserRow, User))
            .join_from(link, User, User.id == link.user_id)
            .where(keys.of(link.post_id))
            .order_by(keys.position, link.position, link.user_id)
        )
