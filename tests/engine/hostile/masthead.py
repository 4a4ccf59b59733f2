"""What is slow in a schema with many types and names: hostile requests to Masthead's own."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from graphql import build_schema

from tests.engine.hostile.corpus import COMPARISONS, INVALID, UNCOERCED, Request, wide

SCHEMA: Final = build_schema(Path("schema.graphql").read_text(encoding="utf-8"))

PUBLICATION: Final = 'publication(host: "a")'


def pinned(depth: int) -> Request:
    """Each fragment has the next three times: below a chain of n are 3 ** n fields."""
    bodies = "".join(
        f" fragment P{i} on Publication {{"
        f' pinnedPost {{publication {{...P{i + 1}}}}} post(slug: "a") {{publication {{...P{i + 1}}}}}'
        f' redirectedPost(slug: "b") {{publication {{...P{i + 1}}}}} }}'
        for i in range(depth)
    )
    last = f" fragment P{depth} on Publication {{id}}"
    return Request(None, f"{{{PUBLICATION} {{...P0}}}}{bodies}{last}")


REQUESTS: Final[dict[str, Callable[[], Request]]] = {
    "misspelt types": lambda: Request(
        INVALID, wide("...on PostCommentConnectionEdge{0:02}{{id}}", 21, PUBLICATION)
    ),
    "misspelt types of many fields": lambda: Request(
        COMPARISONS,
        wide("...on PostCommentConnectionEdge{0:02}{{id}}", 300, PUBLICATION),
    ),
    "misspelt fields": lambda: Request(
        INVALID, wide("pinnedPostsOfPublication{0}", 1_900, PUBLICATION)
    ),
    "misspelt arguments": lambda: Request(
        INVALID, "{publication(" + " ".join(f"hosts{i}: 1" for i in range(640)) + "){id}}"
    ),
    "misspelt input fields": lambda: Request(
        INVALID, "mutation{subscribeToNewsletter(input:{"
        + " ".join(f"publicationsId{i}: 1" for i in range(600)) + "}){status}}"
    ),
    "misspelt input fields in variables": lambda: Request(
        UNCOERCED,
        "mutation($v: SubscribeToNewsletterInput!){subscribeToNewsletter(input: $v){status}}",
        {"v": {f"publicationsId{i}": 1 for i in range(9_000)}},
    ),
    "fragments that treble": lambda: pinned(6),
}  # fmt: skip
