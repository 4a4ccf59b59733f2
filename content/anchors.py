"""Ids of headings and other places in a page, to which `#...` links lead."""

import re
from typing import Final

_USELESS: Final = re.compile(r"[^A-Za-z0-9_.:-]+")
_PREFIX: Final = "section-"


def anchor(name: str) -> str:
    """`name` as an id that cannot clobber the DOM; empty if nothing of `name` is left.

    An element's id becomes a property of `window` (HTML standard, section 7.2.2.3), so a script's
    `window.config` could find a heading. An id with a hyphen is no name in a script; any other
    gets the prefix `section-`.
    """
    safe = _USELESS.sub("-", name).strip("-")
    return safe if "-" in safe or not safe else f"{_PREFIX}{safe}"
