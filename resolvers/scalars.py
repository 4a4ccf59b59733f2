"""Custom scalars of the contract."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import NewType
from urllib.parse import urlsplit

import strawberry
from strawberry.types.scalar import ScalarDefinition

from db.errors import Invalid

ObjectId = NewType("ObjectId", str)
URL = NewType("URL", str)
JSON = NewType("JSON", object)


@lru_cache(maxsize=8_192)
def format_time(value: datetime | str) -> str:
    """ISO 8601 in UTC with `Z`, fractions of a second only when there are any.

    Takes PostgreSQL's text as well (`loaders.timestamps`); raises ValueError for what only PostgreSQL
    can express: years before 1 and after 9999, and infinity.
    """
    if isinstance(value, str):
        if value[10:11] == " " and value.endswith("+00"):
            return f"{value[:10]}T{value[11:-3]}Z"
        value = datetime.fromisoformat(value)
    return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def parse_time(value: object) -> datetime:
    """Reads ISO 8601 with or without an offset (without, it is UTC); raises Invalid otherwise."""
    if not isinstance(value, str):
        raise Invalid("A DateTime is a string such as 2026-01-31T12:00:00Z.")
    try:
        parsed = datetime.fromisoformat(value)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("A DateTime is a string such as 2026-01-31T12:00:00Z.") from None


def parse_id(value: object) -> ObjectId:
    """Takes strings only; whether there is such an object is for the resolver to find out."""
    if not isinstance(value, str):
        raise Invalid("An ObjectId is a string.")
    return ObjectId(value)


def unchanged(value: object) -> object:
    """What JSON holds needs no other form."""
    return value


def parse_url(value: object) -> URL:
    """Takes absolute http and https URLs; raises Invalid otherwise."""
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        raise Invalid("A URL starts with http:// or https:// and names a host.")
    return URL(str(value))


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, in ISO 8601: `2026-01-31T12:00:00Z`.",
        serialize=format_time,
        parse_value=parse_time,
    ),
    ObjectId: strawberry.scalar(
        name="ObjectId",
        description="The id of an object: the same string as its `ID`.",
        serialize=str,
        parse_value=parse_id,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="A value of JSON, an object most often, whose form somebody else defines.",
        serialize=unchanged,
        parse_value=unchanged,
    ),
    URL: strawberry.scalar(
        name="URL",
        description="An absolute `http` or `https` URL.",
        serialize=str,
        parse_value=parse_url,
    ),
}
