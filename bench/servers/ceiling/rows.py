"""What the answers share: grouping rows, and moments as the schema writes them."""

from collections.abc import Iterable, Sequence
from typing import Any

Row = tuple[Any, ...]


def grouped(rows: Iterable[Row], keys: Sequence[str]) -> dict[str, list[Row]]:
    """The rows by their first column; every key has a list."""
    groups: dict[str, list[Row]] = {key: [] for key in keys}
    for row in rows:
        groups[row[0]].append(row)
    return groups


def moment(text: str | None) -> str | None:
    """PostgreSQL's text of a moment in UTC without fractions, in ISO 8601."""
    return None if text is None else f"{text[:10]}T{text[11:19]}Z"
