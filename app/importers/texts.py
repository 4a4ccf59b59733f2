"""Text as the database can hold it, from whatever a parser returned."""

from __future__ import annotations


def text(value: object) -> str | None:
    """`value` as trimmed text, or None when it says nothing.

    Numbers and dates are spelled out, as every site generator does with `title: 2024`.
    Lists and tables are no text: they raise ValueError.
    """
    if value is None:
        return None
    if isinstance(value, list | tuple | dict):
        raise ValueError("expected text")
    return storable(str(value)).strip() or None


def texts(value: object) -> list[str]:
    """A list of texts, from a list or from one text; raises ValueError for anything else."""
    items = value if isinstance(value, list | tuple) else [value]
    return [item for item in map(text, items) if item]


def storable(value: str) -> str:
    """`value` without what PostgreSQL refuses: U+0000 (replaced as CommonMark 2.3 says), surrogates."""
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def one_line(value: str) -> str:
    """`value` with every run of white space as one space."""
    return " ".join(value.split())


def shortened(value: object, limit: int = 60) -> str:
    """`value` as one line of at most `limit` characters, for a report."""
    line = one_line(storable(str(value)))
    return line if len(line) <= limit else line[: limit - 1] + "…"
