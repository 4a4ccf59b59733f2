"""URL slugs: one path segment for a title, a tag, a heading or an imported address."""

import re
from typing import Final

from slugify import slugify as transliterated

MAX_LENGTH: Final = 200
"""Longest slug, in characters: two slugs and a host fit the 2,000 that every client takes."""

_FALLBACK: Final = "untitled"
_SEGMENT: Final = re.compile(r"(?!\.+\Z)[A-Za-z0-9._~-]{1,200}")


def slugify(text: str) -> str:
    """`text` as one lower-case ASCII path segment of letters, digits and hyphens.

    Other scripts are transliterated. Never empty: `untitled` when nothing of `text` is left.
    """
    start = text[: 4 * MAX_LENGTH].replace("\0", "")
    return transliterated(start, max_length=MAX_LENGTH, word_boundary=True) or _FALLBACK


def url_slug(address: str) -> str:
    """The slug of an imported address: `address` itself when it is safe, else slugified.

    Safe is a path segment of unreserved characters (RFC 3986, section 2.3) other than `.` and
    `..`, of at most 200; so `Rust-1.88.0` keeps its case and its dots.
    """
    return address if _SEGMENT.fullmatch(address) else slugify(address)
