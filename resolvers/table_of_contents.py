"""The headings of a text, as links for a table of contents."""

from collections.abc import Sequence
from typing import Any

import strawberry

from resolvers.content import Feature
from resolvers.fields import SHORT
from resolvers.node import Node


@strawberry.type(description="A heading of a text.")
class TableOfContentsItem(Node):
    level: int = strawberry.field(description="The heading's level, from 1 to 6.")
    parent_id: strawberry.ID | None = strawberry.field(
        description="The `id` of the heading that this one stands under."
    )
    slug: str = strawberry.field(
        description="The heading's `id` attribute in the HTML: the target of a link `#slug`."
    )
    title: str = strawberry.field(description="The heading's text.")


@strawberry.type(description="A table of contents made of a text's headings.")
class TableOfContentsFeature(Feature):
    items: list[TableOfContentsItem] = strawberry.field(
        description="The headings in the order of the text.", directives=[SHORT]
    )


def table_of_contents(
    owner_id: str, enabled: bool, headings: Sequence[dict[str, Any]]
) -> TableOfContentsFeature:
    """The stored headings of a post or draft; `parent` is an index into the list, or None."""
    ids = [strawberry.ID(f"{owner_id}:{heading['slug']}") for heading in headings]
    items = [
        TableOfContentsItem(
            id=own_id,
            level=heading["level"],
            parent_id=None if heading["parent"] is None else ids[heading["parent"]],
            slug=heading["slug"],
            title=heading["title"],
        )
        for own_id, heading in zip(ids, headings, strict=True)
    ]
    return TableOfContentsFeature(is_enabled=enabled, items=items)
