"""Points in time as blogs write them, all turned into aware UTC datetimes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime

# Beside ISO 8601: unpadded numbers, as YAML and Jekyll take them, JavaScript's Date.toString(), English.
_FORMATS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S %z",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M:%S",
    "%a %b %d %Y %H:%M:%S GMT%z",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
)
_ZONE_NAME = re.compile(r"\s*(?:\([^()]*\)|(?<=\d)\s(?:UTC|GMT|Z))\s*$")
_IN_PATH = re.compile(r"(?:^|/)(\d{4})([/_-])(\d{1,2})\2(\d{1,2})(?:[/_ T-]|$)")
_IN_NAME = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})[-_ ](?=.)")


def moment(value: object) -> datetime | None:
    """`value` as a UTC datetime, None when empty; a time without a zone is UTC. Raises ValueError."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    if isinstance(value, str):
        return _utc(_parsed(value))
    raise ValueError(f"{value!r} is not a date")


def in_path(path: str) -> datetime | None:
    """The date that a path such as `2025/06/26/title` or `blog/2025-06-26-title` holds."""
    found = _IN_PATH.search(path)
    return found and _day(found[1], found[3], found[4])


def without_date(name: str) -> str:
    """A file name such as `2025-06-26-title` without its date."""
    found = _IN_NAME.match(name)
    return name[found.end() :] if found and _day(*found.groups()) else name


def _day(year: str, month: str, day: str) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError(f"{value} is out of range") from error


def _parsed(value: str) -> datetime:
    plain = _ZONE_NAME.sub("", value.strip())
    for parse in _parsers():
        try:
            return parse(plain)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    raise ValueError(f"{value!r} is not a date")


def _parsers() -> Iterator[Callable[[str], datetime]]:
    yield datetime.fromisoformat
    for form in _FORMATS:
        yield lambda value, form=form: datetime.strptime(value, form)  # type: ignore[misc]  # noqa: DTZ007
    yield parsedate_to_datetime
