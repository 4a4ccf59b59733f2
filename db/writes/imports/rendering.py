"""Markdown into the columns that keep it rendered."""

import asyncio
from collections.abc import Sequence
from typing import Any

from content import NestingTooDeep, Rendered, render
from db.writes.records import BrokenSource, Place, PostRecord

# Part of every digest: raise it when content renders differently, and imports render again.
RENDERER = 1


def rendered(column: str, markdown: str | None, place: Place) -> dict[str, Any]:
    """The columns `<column>_markdown`, `_html` and `_text`; all null without Markdown.

    Raises BrokenSource when the Markdown, which stands at `place`, cannot be rendered.
    """
    done = None if markdown is None else _render(markdown, place)
    return {
        f"{column}_markdown": markdown,
        f"{column}_html": done and done.html,
        f"{column}_text": done and done.text,
    }


async def render_all(records: Sequence[PostRecord]) -> list[Rendered]:
    """The records' Markdown, rendered on a thread so that the event loop stays free.

    Raises BrokenSource when one cannot be rendered.
    """
    return await asyncio.to_thread(lambda: [_render(it.markdown, it.place) for it in records])


def _render(markdown: str, place: Place) -> Rendered:
    try:
        return render(markdown)
    except NestingTooDeep as error:
        raise BrokenSource(place, str(error)) from error
