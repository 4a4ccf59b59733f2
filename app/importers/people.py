"""Authors as front matter names them: free text, `Name <address>`, a Markdown link, or a table."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.importers import texts
from content import slugify
from db.writes.records import UserRecord

_ADDRESS = re.compile(r"([^@\s]+)@[^@\s]+")
_MAIL = re.compile(r"(?P<name>[^<>]+?)\s*<(?:mailto:)?(?P<email>[^<>@\s]+@[^<>@\s]+)>")
_LINK = re.compile(r"\[(?P<name>[^\[\]]+)\]\((?P<website>[^()\s]+)\)")
_TABLE = {
    "name": ("name", "title", "display_name"),
    "username": ("username", "id", "slug"),
    "email": ("email", "mail"),
    "website": ("url", "website", "link", "uri", "homepage"),
    "profile_picture": ("avatar", "picture", "image", "photo"),
    "bio_markdown": ("bio", "description"),
    "location": ("location",),
}
_DETAILS = [field for field in _TABLE if field != "name"]


def person(value: object) -> UserRecord | None:
    """The author that one value names, keyed by the name; raises ValueError for what is no name.

    One text is one author: "Kyle Strand and Niko Matsakis" is not taken apart, as no rule tells it from
    "Jane Lusby, on behalf of The Rust Project Teams".
    """
    return _from_table(value) if isinstance(value, Mapping) else _from_text(texts.text(value))


def named(name: str, **details: str | None) -> UserRecord:
    """A user who is known by name only: the name is the key."""
    plain = unicodedata.normalize("NFC", texts.one_line(name))
    username = slugify(public_name(details.pop("username", None) or plain))
    return UserRecord(key=plain, name=public_name(plain), username=username, **details)


def public_name(name: str) -> str:
    """`name`, or the part before the `@` where it is an e-mail address: addresses are never shown."""
    found = _ADDRESS.fullmatch(name)
    return found[1] if found else name


def merged(users: Iterable[UserRecord]) -> list[UserRecord]:
    """Each user once, in order, with what any of the records of the same key knows."""
    found: dict[str, UserRecord] = {}
    for user in users:
        known = found.setdefault(user.key, user)
        missing = {
            field: getattr(user, field) for field in _DETAILS if getattr(known, field) is None
        }
        found[user.key] = replace(known, **missing)
    return list(found.values())


def staff(named: Iterable[UserRecord], owner: UserRecord | None = None) -> list[UserRecord]:
    """The users merged; `owner`, or else who is named most often, owns the publication."""
    every = [*named, owner] if owner else list(named)
    names = Counter(user.key for user in every).most_common(1)
    key = owner.key if owner else names[0][0] if names else None
    return [replace(user, role="OWNER") if user.key == key else user for user in merged(every)]


def _from_text(value: str | None) -> UserRecord | None:
    if not value:
        return None
    found = _MAIL.fullmatch(value) or _LINK.fullmatch(value)
    return named(**found.groupdict()) if found else named(value)


def _from_table(table: Mapping[object, object]) -> UserRecord | None:
    details = {field: _first(table, names) for field, names in _TABLE.items()}
    name = details.pop("name") or details["username"]
    return named(name, **details) if name else None


def _first(table: Mapping[object, object], names: tuple[str, ...]) -> str | None:
    return next((found for name in names if (found := texts.text(table.get(name)))), None)
