"""Ghost's JSON export: its tables, checked, with the dates and flags of every version since 0.4."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.importers import dates, texts
from db.writes.records import BrokenSource, Place

# Exports hold this in place of the site's address.
_SITE = "__GHOST_URL__"

T = TypeVar("T")


def _text(value: object) -> str | None:
    return texts.text(value.replace(_SITE, "") if isinstance(value, str) else value)


def _key(value: object) -> str:
    if not isinstance(value, str | int):
        raise ValueError("expected an id")
    return texts.storable(str(value))


def _moment(value: object) -> datetime | None:
    # Versions before 1.0 wrote milliseconds since the epoch.
    try:
        return (
            datetime.fromtimestamp(value / 1000, UTC)
            if isinstance(value, int)
            else dates.moment(value)
        )
    except (OverflowError, OSError) as error:
        raise ValueError("the date is out of range") from error


def _body(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError("expected text")
    return texts.storable(value.replace(_SITE, "")) if value else None


Text = Annotated[str | None, BeforeValidator(_text)]
Key = Annotated[str, BeforeValidator(_key)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Body = Annotated[str | None, BeforeValidator(_body)]
Flag = Annotated[bool, BeforeValidator(bool)]


class Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Meta(Row):
    """SEO and sharing, in a table of its own since 3.0, among a post's columns before."""

    meta_title: Text = None
    meta_description: Text = None
    og_image: Text = None
    og_title: Text = None
    og_description: Text = None
    twitter_image: Text = None
    twitter_title: Text = None
    twitter_description: Text = None
    feature_image_alt: Text = None
    feature_image_caption: Text = None
    email_only: Flag = False


class PostMeta(Meta):
    post_id: Key


class Post(Meta):
    id: Key
    uuid: Text = None
    title: Text = None
    slug: Text = None
    lexical: Body = None
    mobiledoc: Body = None
    html: Body = None
    markdown: Body = None
    type: Text = None
    page: Flag = False
    status: Text = None
    visibility: Text = None
    featured: Flag = False
    feature_image: Text = None
    image: Text = None
    locale: Text = None
    author_id: Annotated[str | None, BeforeValidator(_text)] = None
    custom_excerpt: Text = None
    canonical_url: Text = None
    codeinjection_head: Text = None
    codeinjection_foot: Text = None
    custom_template: Text = None
    published_at: Moment = None
    updated_at: Moment = None


class User(Row):
    id: Key
    name: Text = None
    slug: Text = None
    email: Text = None
    bio: Text = None
    location: Text = None
    website: Text = None
    profile_image: Text = None
    image: Text = None


class Tag(Row):
    id: Key
    name: Text = None
    slug: Text = None
    description: Text = None
    visibility: Text = None


class PostTag(Row):
    post_id: Key
    tag_id: Key
    sort_order: int = 0


class PostAuthor(Row):
    post_id: Key
    author_id: Key
    sort_order: int = 0


class Role(Row):
    id: Key
    name: Text = None


class RoleUser(Row):
    role_id: Key
    user_id: Key


class Setting(Row):
    key: Key
    value: Any = None


class Data(BaseModel):
    """The tables that are read; `model_extra` holds the others."""

    model_config = ConfigDict(frozen=True, extra="allow")

    posts: list[Post]
    users: list[User] = Field(default_factory=list)
    tags: list[Tag] = Field(default_factory=list)
    posts_tags: list[PostTag] = Field(default_factory=list)
    posts_authors: list[PostAuthor] = Field(default_factory=list)
    posts_meta: list[PostMeta] = Field(default_factory=list)
    roles: list[Role] = Field(default_factory=list)
    roles_users: list[RoleUser] = Field(default_factory=list)
    settings: list[Setting] = Field(default_factory=list)

    def setting(self, *keys: str) -> str | None:
        """The first of the settings `keys` that is text."""
        values = {setting.key: setting.value for setting in self.settings}
        return next(
            (
                text
                for key in keys
                if isinstance(values.get(key), str) and (text := _text(values[key]))
            ),
            None,
        )

    def other_tables(self) -> Iterator[tuple[str, int]]:
        """Name and number of rows of each table that is not read and not empty."""
        for name, rows in (self.model_extra or {}).items():
            if isinstance(rows, list) and rows:
                yield name, len(rows)


def load(source: Path) -> Data:
    """Reads an export, `{"db": [{"data": ...}]}` or `{"data": ...}`; raises BrokenSource."""
    try:
        content = orjson.loads(source.read_bytes())
    except OSError as error:
        raise BrokenSource(Place(source.name), f"cannot be read: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise BrokenSource(Place(source.name, error.lineno), f"broken JSON: {error.msg}") from error
    match content:
        case {"db": [{"data": dict() as tables}, *_]} | {"data": dict() as tables}:
            return _checked(source, tables)
    raise BrokenSource(Place(source.name), 'is not a Ghost export: it has no "db"[0]."data"')


def _checked(source: Path, tables: dict[str, Any]) -> Data:
    try:
        return Data.model_validate(
            {name: rows for name, rows in tables.items() if rows is not None}
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BrokenSource(Place(source.name), f"{where}: {first['msg']}") from error
