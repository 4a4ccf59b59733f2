"""Addresses: the path segment of a post and the paths it had before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from app.importers.texts import storable
from content import url_slug

_INDEX_FILE = re.compile(r"(?:^|/)index\.html?$")
_PAGE_SUFFIX = re.compile(r"\.html?$")


def address(text: str) -> str:
    """A URL's path, percent-decoded, without surrounding slashes and index file; a query is kept."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return ""
    path = _INDEX_FILE.sub("", unquote(parts.path)).strip("/")
    return storable(f"{path}?{parts.query}" if parts.query else path)


def last_segment(path: str) -> str:
    """The slug of an address: its last segment without `.html`."""
    return url_slug(_PAGE_SUFFIX.sub("", path.rpartition("/")[2]))


def site(url: str | None) -> str | None:
    """Scheme and host of a URL, None when it has none."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else None


def former_paths(slug: str, paths: Iterable[str]) -> tuple[str, ...]:
    """`paths` as addresses, each once, without those that are empty or the slug itself."""
    return tuple(path for path in dict.fromkeys(map(address, paths)) if path not in ("", slug))
