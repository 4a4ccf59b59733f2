"""Slugs that are unique among their neighbours, and the same again in every later run."""

import re
from collections.abc import Iterable
from itertools import count

# Far below what a B-tree of PostgreSQL can index (2,704 bytes), and long enough for any address.
LENGTH = 250


def segment(wish: str, fallback: str) -> str:
    """The wish as one path segment: no white space, no slash, at most LENGTH characters."""
    return re.sub(r"[\s/]+", "-", wish.strip().strip("/"))[:LENGTH] or fallback


class Slugs:
    """The slugs of one namespace. A slug once taken is not given away again, even when it fell free."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def __contains__(self, slug: str) -> bool:
        return slug in self._taken

    def claim(self, wish: str, current: str | None = None) -> str:
        """`wish` itself or, when another has it, `wish-2`, `wish-3` ...; `wish` is one path segment.

        `current` is what the claimant has: it stays when it is the wish, or the wish with a suffix
        that is still needed.
        """
        if current == wish:
            return wish
        if wish in self._taken and current is not None and _is_suffixed(current, wish):
            return current
        slug = wish if wish not in self._taken else self._suffixed(wish)
        self._taken.add(slug)
        return slug

    def _suffixed(self, wish: str) -> str:
        return next(slug for number in count(2) if (slug := f"{wish}-{number}") not in self._taken)


def _is_suffixed(slug: str, wish: str) -> bool:
    return re.fullmatch(re.escape(wish) + r"-\d+", slug) is not None
