"""Lists that may be long: a page by keyset cursor or by number, and the count of the whole list.

What is in a list is said once, by a `Listing`. The loaders here read the pages, or the counts, of all
its parents in one statement, whatever their number and size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    column,
    func,
    literal_column,
    select,
    true,
)

from db.database import Database
from db.viewer import Viewer
from loaders.base import Loader, batch_keys
from loaders.cursors import Cursor, Order, beyond

R = TypeVar("R")

# The key of a list that has no parent, such as the feed.
ROOT = ""

PARENTS = (
    func.unnest(batch_keys())
    .table_valued(column("key", Text(collation="C")), with_ordinality="position", name="parents")
    .render_derived(name="parents")
)

# A parent's key in a listing, as bare text: so a listing's own subqueries may name it, too, and
# SQLAlchemy does not add the parents to their FROM.
PARENT_KEY: ColumnElement[str] = literal_column("parents.key", Text(collation="C"))


class Listing(Generic[R]):
    """Which rows a list has, and their order: a frozen dataclass whose fields are the filter."""

    @property
    def order(self) -> Order:
        """Its columns are among the selected ones."""
        raise NotImplementedError

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        """The whole list of the parent with this key, as the viewer may see it, without an order.

        Every row has an `id`.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that is wanted: `limit` rows from its start, or from its end if `backward`."""

    limit: int
    backward: bool = False
    after: Cursor | None = None
    before: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Rows in the list's order, and whether the list goes on at either side."""

    rows: Sequence[R]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True, slots=True)
class NumberedPage(Generic[R]):
    """The rows of page `number`, counted from 1, and whether there is a next one."""

    rows: Sequence[R]
    number: int
    has_next: bool


class PageOf(Loader[Page[R]], Generic[R]):
    """The window of the list, for each parent. Raises Invalid for a cursor of another list."""

    def __init__(
        self, database: Database, viewer: Viewer | None, listing: Listing[R], window: Window
    ) -> None:
        super().__init__(database, viewer)
        self.listing = listing
        self.window = window

    async def load_batch(self, keys: Sequence[str]) -> list[Page[R]]:
        window, order = self.window, self.listing.order
        listing = self.listing.select(PARENT_KEY, self.viewer)
        bounded = listing.where(*bounds(window, order, listing))
        nearest = order.reversed() if window.backward else order
        limited = sort(bounded, nearest).limit(window.limit + 1)
        groups = group(await self.rows(of_parents(limited, order), keys), keys)
        return [cut(groups[key], window) for key in keys]


class NumberedPageOf(Loader[NumberedPage[R]], Generic[R]):
    """Page `number` (from 1) of `size` rows, for each parent."""

    def __init__(
        self,
        database: Database,
        viewer: Viewer | None,
        listing: Listing[R],
        number: int,
        size: int,
    ) -> None:
        super().__init__(database, viewer)
        self.listing = listing
        self.number = number
        self.size = size

    async def load_batch(self, keys: Sequence[str]) -> list[NumberedPage[R]]:
        order = self.listing.order
        listing = sort(self.listing.select(PARENT_KEY, self.viewer), order)
        part = listing.offset((self.number - 1) * self.size).limit(self.size + 1)
        groups = group(await self.rows(of_parents(part, order), keys), keys)
        return [
            NumberedPage(groups[key][: self.size], self.number, len(groups[key]) > self.size)
            for key in keys
        ]


class CountOf(Loader[int]):
    """How many rows the whole list has, for each parent."""

    def __init__(self, database: Database, viewer: Viewer | None, listing: Listing[Any]) -> None:
        super().__init__(database, viewer)
        self.listing = listing

    async def load_batch(self, keys: Sequence[str]) -> list[int]:
        listing = self.listing.select(PARENT_KEY, self.viewer).lateral("listing")
        statement = (
            select(PARENTS.c.key.label("batch_key"), func.count(listing.c.id).label("size"))
            .select_from(PARENTS.outerjoin(listing, true()))
            .group_by(PARENTS.c.key)
        )
        sizes = {row.batch_key: row.size for row in await self.rows(statement, keys)}
        return [sizes[key] for key in keys]


def bounds(window: Window, order: Order, listing: Select[Any]) -> list[ColumnElement[bool]]:
    row = ordering(listing.selected_columns, order)
    conditions = []
    if window.after is not None:
        conditions.append(beyond(window.after, order, row, "after"))
    if window.before is not None:
        conditions.append(beyond(window.before, order.reversed(), row, "before"))
    return conditions


def sort(listing: Select[Any], order: Order) -> Select[Any]:
    return listing.order_by(*directed(listing.selected_columns, order))


def of_parents(listing: Select[Any], order: Order) -> Select[Any]:
    """Runs a listing of one parent for each of the batch; its rows carry the parent as `batch_key`."""
    page: FromClause = listing.lateral("page")
    return (
        select(PARENTS.c.key.label("batch_key"), *page.c)
        .select_from(PARENTS.join(page, true()))
        .order_by(PARENTS.c.position, *directed(page.c, order))
    )


def ordering(columns: Any, order: Order) -> list[ColumnElement[Any]]:
    return [columns[name] for name in order.columns]


def directed(columns: Any, order: Order) -> list[ColumnElement[Any]]:
    return [each.desc() if order.descending else each.asc() for each in ordering(columns, order)]


def group(rows: Sequence[Any], keys: Sequence[str]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {key: [] for key in keys}
    for row in rows:
        groups[row.batch_key].append(row)
    return groups


def cut(rows: list[R], window: Window) -> Page[R]:
    """Drops the row that was read beyond the window's limit only to see whether there is one."""
    more = len(rows) > window.limit
    if window.backward:
        return Page(rows[1:] if more else rows, window.before is not None, more)
    return Page(rows[: window.limit], more, window.after is not None)
