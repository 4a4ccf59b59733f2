"""Markdown into the columns that keep it rendered."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from content import Heading, Rendered, render

# Part of every digest: raise it when content renders differently, and imports render again.
RENDERER = 1


def rendered(column: str, markdown: str | None) -> dict[str, Any]:
    """The columns `<column>_markdown`, `_html` and `_text`; all null without Markdown."""
    done = None if markdown is None else render(markdown)
    return {
        f"{column}_markdown": markdown,
        f"{column}_html": done and done.html,
        f"{column}_text": done and done.text,
    }


async def render_all(texts: Sequence[str]) -> list[Rendered]:
    """Renders on a thread, so that the event loop stays free."""
    return await asyncio.to_thread(lambda: [render(text) for text in texts])


def table_of_contents(headings: Iterable[Heading]) -> list[dict[str, Any]]:
    """As db.models.post keeps it: each heading's parent is the last one before it of a lower level."""
    items: list[dict[str, Any]] = []
    open_headings: list[int] = []
    for index, heading in enumerate(headings):
        while open_headings and items[open_headings[-1]]["level"] >= heading.level:
            open_headings.pop()
        items.append(
            {
                "slug": heading.slug,
                "title": heading.title,
                "level": heading.level,
                "parent": open_headings[-1] if open_headings else None,
            }
        )
        open_headings.append(index)
    return items
