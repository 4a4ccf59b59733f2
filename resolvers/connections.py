"""What a connection consists of: its fields, each made from what a loader has of the part that is meant.

Spec: https://relay.dev/graphql/connections.htm
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar

import strawberry

from engine import fields as engine
from engine.records import Columns
from loaders.pages import NumberedPage, Page
from resolvers.fields import same
from resolvers.node import Node
from resolvers.pagination import Selected, Selection


@strawberry.type(description="Where a page of a connection stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follow after this page.")
    has_previous_page: bool = strawberry.field(description="Whether others precede this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first edge.")
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last edge: give it as `after` to get the next page."
    )


@strawberry.type(description="Where a numbered page stands in its list.")
class OffsetPageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is a next page.")
    has_previous_page: bool = strawberry.field(description="Whether there is a page before.")
    next_page: int | None = strawberry.field(description="The number of the next page.")
    previous_page: int | None = strawberry.field(description="The number of the page before.")


def pages_of(selection: Selection) -> engine.Loader:
    return selection.pages


def counts_of(selection: Selection) -> engine.Loader:
    return selection.counts()


LoaderOf = Callable[[Selection], engine.Loader]


def load_selected(
    parents: Sequence[Selected], loader_of: LoaderOf, columns: Columns | None
) -> Awaitable[Sequence[Any]]:
    """What the loader of each parent's selection has for its key; all are asked at once."""
    selections, keys = zip(*parents, strict=True)
    if selections.count(selections[0]) == len(selections):
        return loader_of(selections[0]).load_keys(keys, columns)
    asked = {
        selection: loader_of(selection).load_keys(
            [key for own, key in parents if own == selection], columns
        )
        for selection in set(selections)
    }
    return _in_order(selections, asked)


async def _in_order(
    selections: Sequence[Selection], asked: Mapping[Selection, Awaitable[Sequence[Any]]]
) -> list[Any]:
    values = {selection: iter(await loading) for selection, loading in asked.items()}
    return [next(values[selection]) for selection in selections]


def _part(
    description: str,
    loader_of: LoaderOf,
    make: Callable[[Sequence[Any], Columns | None], Sequence[Any]],
    *,
    rows: bool = False,
    columns: Columns = (),
) -> Any:
    """A field of a connection, made from what a loader of its selection has for its key.

    `make` is given that of all parents, and gives the values of all.
    """

    def resolve(parents: Sequence[Selected], call: engine.Call) -> Awaitable[Sequence[Any]]:
        columns = call.columns
        loading = load_selected(parents, loader_of, columns)
        return engine.Following(loading, lambda loaded: make(loaded, columns))

    async def single(parent: strawberry.Parent[Selected]) -> Any:
        selection, key = parent
        [made] = make([await loader_of(selection).load(key)], None)
        return made

    declared = engine.Batched(resolve=resolve, rows=rows, columns=columns, source=loader_of)
    return strawberry.field(
        resolver=single, description=description, metadata={engine.DECLARATION: declared}
    )


Pages = Sequence[Page[Any]] | Sequence[NumberedPage[Any]]


def items(pages: Pages, _: Columns | None) -> list[Sequence[Any]]:
    return [page.rows for page in pages]


def sizes(counts: Sequence[int], _: Columns | None) -> Sequence[int]:
    return counts


def page_infos(pages: Sequence[Page[Any]], columns: Columns | None) -> list[PageInfo]:
    return [page_info(page, columns) for page in pages]


def page_info(page: Page[Any], columns: Columns | None) -> PageInfo:
    start, end = (page.rows[0], page.rows[-1]) if page.rows else (None, None)
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=cursor_of(start, columns),
        end_cursor=cursor_of(end, columns),
    )


def cursor_of(row: Any, columns: Columns | None) -> str | None:
    if row is None:
        return None
    cursor: str = row.cursor if columns is None else row[columns.index("cursor")]
    return cursor


def offset_page_infos(
    pages: Sequence[NumberedPage[Any]], _: Columns | None
) -> list[OffsetPageInfo]:
    return [offset_page_info(page) for page in pages]


def offset_page_info(page: NumberedPage[Any]) -> OffsetPageInfo:
    return OffsetPageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.number > 1,
        next_page=page.number + 1 if page.has_next else None,
        previous_page=page.number - 1 if page.number > 1 else None,
    )


def edges(description: str = "The page's items with cursors.") -> Any:
    """The field `edges`; its class annotates it with the list of its edge type."""
    return _part(description, pages_of, items, rows=True)


def nodes() -> Any:
    """The field `nodes`; its class annotates it with the list of its node type."""
    return _part("The page's items.", pages_of, items, rows=True)


def total_documents() -> Any:
    """The field `totalDocuments`: counted only when it is selected."""
    description = "How many the whole list has, with the filter applied."
    return _part(description, counts_of, sizes)


def edge_node() -> Any:
    """The field `node` of an edge; its class annotates it with the node type."""
    return same("The item.")


class NamedByField:
    """What is never found through its interface: a field names its type."""

    @classmethod
    def is_type_of(cls, *_: object) -> bool:
        """Whatever is given is of the type."""
        return True


class EdgeRow:
    """An edge is a row of a page, which has its cursor besides its columns."""

    cursor: str


@strawberry.interface(description="An item of a connection, with its place in the list.")
class Edge(NamedByField):
    row: ClassVar[type] = EdgeRow

    cursor: str = strawberry.field(description="The item's place, for `after` and `before`.")
    node: Node = edge_node()


@strawberry.interface(description="A list in pages, by cursor.")
class Connection(NamedByField):
    edges: Sequence[Edge] = edges()
    page_info: PageInfo = _part(
        "Where this page stands in the list.", pages_of, page_infos, columns=("cursor",)
    )


@strawberry.interface(description="A list in numbered pages.")
class PageConnection(NamedByField):
    nodes: Sequence[Node] = nodes()
    # It reads no column, but names one so as to share the rows that `nodes` loads.
    page_info: OffsetPageInfo = _part(
        "Where this page stands in the list.", pages_of, offset_page_infos, columns=("id",)
    )
