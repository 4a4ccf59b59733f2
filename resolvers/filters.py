"""From filters as clients write them to filters as listings take them."""

from collections.abc import Sequence


def optional_tuple(values: Sequence[str] | None) -> tuple[str, ...] | None:
    """A list made hashable; None and an empty list both filter nothing, as frontends expect."""
    return tuple(values) if values else None
