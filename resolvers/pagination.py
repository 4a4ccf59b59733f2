"""Connections: lists in pages, by cursor as Relay has them, or by number where the contract does.

A connection's value says how to load its page and its count; neither is read unless it is selected.
Spec: https://relay.dev/graphql/connections.htm
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from db.errors import FieldError, Invalid
from loaders.cursors import Order, decode_cursor, encode_cursor
from loaders.pages import Listing, NumberedPage, Page, Window
from resolvers.context import Info
from resolvers.node import Node

R = TypeVar("R")

DEFAULT_SIZE = 20
LARGEST_SIZE = 100
LAST_PAGE = 1_000_000

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many to return from the start of the list: at most {LARGEST_SIZE},"
        f" {DEFAULT_SIZE} when neither `first` nor `last` is given. More is taken as {LARGEST_SIZE}."
    ),
]
After = Annotated[str | None, strawberry.argument(description="Return what follows this cursor.")]
Last = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many to return from the end of the list: at most {LARGEST_SIZE}."
    ),
]
Before = Annotated[str | None, strawberry.argument(description="Return what precedes this cursor.")]
PageNumber = Annotated[int, strawberry.argument(description="The number of the page, from 1.")]
PageSize = Annotated[
    int, strawberry.argument(description=f"How many a page has: at most {LARGEST_SIZE}.")
]


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


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[R]):
    """The value of a connection: loads when asked."""

    load: Callable[[], Awaitable[Page[R]]]
    count: Callable[[], Awaitable[int]]
    order: Order


@dataclass(frozen=True, slots=True)
class EdgeValue(Generic[R]):
    """The value of an edge: its row, and the order that its cursor is for."""

    node: R
    order: Order


@dataclass(frozen=True, slots=True)
class OffsetPage(Generic[R]):
    """The value of a connection with numbered pages: loads when asked."""

    load: Callable[[], Awaitable[NumberedPage[R]]]
    count: Callable[[], Awaitable[int]]


def connect(
    info: Info,
    listing: Listing[R],
    parent: str,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> CursorPage[R]:
    """The part of the parent's list that the arguments ask for; raises Invalid for wrong ones."""
    window = make_window(first, after, last, before)
    loaders = info.context.loaders
    return CursorPage(
        lambda: loaders.page(listing, window).load(parent),
        lambda: loaders.count(listing).load(parent),
        listing.order,
    )


def connect_numbered(
    info: Info, listing: Listing[R], parent: str, page: int, page_size: int
) -> OffsetPage[R]:
    """Page `page` of the parent's list; raises Invalid for wrong arguments."""
    if not 1 <= page <= LAST_PAGE:
        raise invalid("page", f"Pages are numbered from 1 to {LAST_PAGE}.")
    if page_size < 1:
        raise invalid("pageSize", "A page has at least one item.")
    size = min(page_size, LARGEST_SIZE)
    loaders = info.context.loaders
    return OffsetPage(
        lambda: loaders.numbered_page(listing, page, size).load(parent),
        lambda: loaders.count(listing).load(parent),
    )


def make_window(
    first: int | None, after: str | None, last: int | None, before: str | None
) -> Window:
    """Checks Relay's arguments and caps their sizes."""
    if first is not None and last is not None:
        raise invalid("last", "Give either `first` or `last`, not both.")
    backward = last is not None
    size = limited("last", last) if last is not None else limited("first", first)
    return Window(
        size,
        backward,
        None if after is None else decode_cursor(after, "after"),
        None if before is None else decode_cursor(before, "before"),
    )


def limited(argument: str, size: int | None) -> int:
    if size is None:
        return DEFAULT_SIZE
    if size < 0:
        raise invalid(argument, f"`{argument}` cannot be negative.")
    return min(size, LARGEST_SIZE)


def invalid(argument: str, message: str) -> Invalid:
    return Invalid(message, [FieldError((argument,), message)])


async def load_edges(parent: strawberry.Parent[CursorPage[Any]]) -> Any:
    return [EdgeValue(row, parent.order) for row in (await parent.load()).rows]


async def load_nodes(parent: strawberry.Parent[CursorPage[Any]]) -> Any:
    return (await parent.load()).rows


async def load_page_info(parent: strawberry.Parent[CursorPage[Any]]) -> PageInfo:
    page = await parent.load()
    cursors = [encode_cursor(parent.order, row) for row in ends(page.rows)]
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def ends(rows: Sequence[R]) -> list[R]:
    return [rows[0], rows[-1]] if rows else []


async def load_total(parent: strawberry.Parent[CursorPage[Any] | OffsetPage[Any]]) -> int:
    return await parent.count()


async def load_numbered_nodes(parent: strawberry.Parent[OffsetPage[Any]]) -> Any:
    return (await parent.load()).rows


async def load_offset_info(parent: strawberry.Parent[OffsetPage[Any]]) -> OffsetPageInfo:
    page = await parent.load()
    return OffsetPageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.number > 1,
        next_page=page.number + 1 if page.has_next else None,
        previous_page=page.number - 1 if page.number > 1 else None,
    )


def encode_edge_cursor(parent: strawberry.Parent[EdgeValue[Any]]) -> str:
    return encode_cursor(parent.order, parent.node)


def edges() -> Any:
    """The field `edges`; its class annotates it with the list of its edge type."""
    return strawberry.field(resolver=load_edges, description="The page's items with cursors.")


def nodes() -> Any:
    """The field `nodes`; its class annotates it with the list of its node type."""
    return strawberry.field(resolver=load_nodes, description="The page's items.")


def numbered_nodes() -> Any:
    """The field `nodes` of a numbered page; its class annotates it."""
    return strawberry.field(resolver=load_numbered_nodes, description="The page's items.")


def edge_node() -> Any:
    """The field `node` of an edge; its class annotates it with the node type."""
    return strawberry.field(description="The item.")


@strawberry.interface(description="An item of a connection, with its place in the list.")
class Edge:
    cursor: str = strawberry.field(
        resolver=encode_edge_cursor, description="The item's place, for `after` and `before`."
    )
    node: Node = edge_node()

    @classmethod
    def is_type_of(cls, *_: object) -> bool:
        """Edges are never found through this interface: a field names their type."""
        return True


@strawberry.interface(description="A list in pages, by cursor.")
class Connection:
    edges: Sequence[Edge] = edges()
    page_info: PageInfo = strawberry.field(
        resolver=load_page_info, description="Where this page stands in the list."
    )

    @classmethod
    def is_type_of(cls, *_: object) -> bool:
        """Connections are never found through this interface: a field names their type."""
        return True


@strawberry.interface(description="A list in numbered pages.")
class PageConnection:
    nodes: Sequence[Node] = numbered_nodes()
    page_info: OffsetPageInfo = strawberry.field(
        resolver=load_offset_info, description="Where this page stands in the list."
    )

    @classmethod
    def is_type_of(cls, *_: object) -> bool:
        """Connections are never found through this interface: a field names their type."""
        return True


def total_documents() -> Any:
    """The field `totalDocuments`: counted only when it is selected."""
    return strawberry.field(
        resolver=load_total, description="How many the whole list has, with the filter applied."
    )


async def load_nothing() -> Page[Any]:
    return Page((), has_next=False, has_previous=False)


async def count_nothing() -> int:
    return 0


# The connection of a feature that a deployment does not have.
EMPTY: CursorPage[Any] = CursorPage(load_nothing, count_nothing, Order("empty", ()))


async def load_no_page() -> NumberedPage[Any]:
    return NumberedPage((), number=1, has_next=False)


# The same for connections with numbered pages.
NO_PAGES: OffsetPage[Any] = OffsetPage(load_no_page, count_nothing)
