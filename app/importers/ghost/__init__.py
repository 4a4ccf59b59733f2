"""Ghost exports (JSON, versions 0.4 to 6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import orjson

from app.importers import html, people, slugs
from app.importers.ghost import posts
from app.importers.ghost.export import Data, Tag, User, load
from content import url_slug
from db.writes.records import (
    NavigationRecord,
    Note,
    Place,
    PublicationRecord,
    Record,
    TagRecord,
    UserRecord,
)

_ROLES = {"Owner": "OWNER", "Administrator": "OWNER", "Editor": "EDITOR", "Super Editor": "EDITOR"}


def read(source: Path, now: datetime) -> Iterator[Record]:
    """The publication in the file `source`; what is dated after `now` is scheduled. Raises BrokenSource."""
    data = load(source)
    yield _publication(data)
    yield from _site_notes(source.name, data)
    yield from _users(data)
    public = [tag for tag in data.tags if not _is_internal(tag)]
    yield from (_tag(tag) for tag in public)
    found = posts.relations(data, {tag.id for tag in public})
    for post in sorted(data.posts, key=posts.is_page):
        yield from posts.records(source.name, post, found, now)
    yield from _navigation(source.name, data)


def _publication(data: Data) -> PublicationRecord:
    return PublicationRecord(
        title=html.to_text(data.setting("title") or "") or "Untitled",
        url=slugs.site(data.setting("url")),
        tagline=data.setting("description"),
        language=data.setting("locale", "lang", "default_locale"),
        favicon=data.setting("icon"),
        logo=data.setting("logo"),
        og_image=data.setting("og_image", "cover_image", "cover"),
    )


def _users(data: Data) -> Iterator[UserRecord]:
    names = {role.id: role.name or "" for role in data.roles}
    roles = {
        row.user_id: _ROLES.get(names.get(row.role_id, ""), "CONTRIBUTOR")
        for row in data.roles_users
    }
    return (_user(user, roles.get(user.id, "CONTRIBUTOR")) for user in data.users)


def _user(user: User, role: str) -> UserRecord:
    name = people.public_name(user.name or user.slug or user.id)
    return UserRecord(
        key=user.id,
        name=name,
        username=url_slug((user.slug or name).lower()),
        email=user.email,
        bio_markdown=html.escaped(user.bio) if user.bio else None,
        location=user.location,
        profile_picture=user.profile_image or user.image,
        website=user.website,
        role=role,
    )


def _is_internal(tag: Tag) -> bool:
    return tag.visibility == "internal" or (tag.name or "").startswith("#")


def _tag(tag: Tag) -> TagRecord:
    name = tag.name or tag.slug or tag.id
    return TagRecord(
        key=tag.id,
        name=name,
        slug=url_slug(tag.slug or name.lower()),
        description_markdown=html.escaped(tag.description) if tag.description else None,
    )


def _site_notes(file: str, data: Data) -> Iterator[Note]:
    for tag in data.tags:
        if _is_internal(tag):
            yield Note(
                Place(file), f"internal tag `{tag.name}`", "only Ghost's own themes read these"
            )
    for name in ("codeinjection_head", "codeinjection_foot"):
        if data.setting(name):
            yield Note(Place(file), f"setting `{name}`", "sites run no code of their own")
    for name, rows in data.other_tables():
        yield Note(
            Place(file),
            f"table `{name}` ({rows} rows)",
            "it holds neither posts nor what belongs to them",
        )


def _navigation(file: str, data: Data) -> Iterator[Record]:
    # "navigation" is the menu, "secondary_navigation" the links of the footer.
    if data.setting("secondary_navigation") not in (None, "[]"):
        reason = "a publication has one menu: the primary came in"
        yield Note(Place(file), "setting `secondary_navigation`", reason)
    try:
        entries = orjson.loads(data.setting("navigation") or "[]")
    except orjson.JSONDecodeError as error:
        yield Note(Place(file), "setting `navigation`", f"broken JSON: {error.msg}")
        return
    for entry in entries if isinstance(entries, list) else []:
        match entry:
            case {"label": str() as label, "url": str() as url} if label.strip() and url.strip():
                yield NavigationRecord(label.strip(), url=url.strip())
