"""Which representation a client wants: the Accept header (RFC 9110, section 12.5.1)."""

import re
from functools import lru_cache
from typing import Final

QVALUE: Final = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")
UNACCEPTABLE: Final = (0.0, 0)


@lru_cache(maxsize=256)
def negotiate(accept: str, offers: tuple[str, ...]) -> str | None:
    """The offer that an Accept header likes best, or None when it takes none of them.

    A higher quality wins, then the earlier place in the header, then the earlier offer. An empty
    header takes everything; a range with a malformed quality takes nothing.
    """
    ranges = _ranges(accept or "*/*")
    best = max(offers, key=lambda offer: _preference(ranges, offer))
    return best if _preference(ranges, best) > UNACCEPTABLE else None


def _ranges(accept: str) -> dict[str, tuple[float, int]]:
    """Each media range with its quality and, negated, its place: greater is better."""
    ranges: dict[str, tuple[float, int]] = {}
    for place, item in enumerate(accept.split(","), start=1):
        media_range, *parameters = (part.strip().lower() for part in item.split(";"))
        quality = _quality(parameters)
        ranges.setdefault(media_range, (quality, -place) if quality else UNACCEPTABLE)
    return ranges


def _quality(parameters: list[str]) -> float:
    for name, _, value in (parameter.partition("=") for parameter in parameters):
        if name == "q":
            return float(value) if QVALUE.fullmatch(value) else 0.0
    return 1.0


def _preference(ranges: dict[str, tuple[float, int]], offer: str) -> tuple[float, int]:
    """The most specific range decides, whatever its quality."""
    for media_range in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
        if media_range in ranges:
            return ranges[media_range]
    return UNACCEPTABLE
