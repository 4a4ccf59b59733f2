"""From filters as clients write them to filters as listings take them."""

from collections.abc import Sequence


def optional_tuple(values: Sequence[str] | None) -> tuple[str, ...] | None:
    """A list made hashable; None, which filters nothing, stays None."""
    return None if values is None else tuple(values)
