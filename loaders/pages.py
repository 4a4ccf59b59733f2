"""Lists that may be long: a page by keyset cursor or by number, and the count of the whole list.

What is in a list is said once, by a `Listing`. The loaders here read the pages, or the counts, of all
its parents in one statement, whatever their number and size.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    func,
    select,
    true,
)

from db.reading import Reads
from db.viewer import Viewer
from engine.records import Columns
from loaders.base import Loader, Row, last_of, project, project_joined, whole_row
from loaders.cursors import Cursor, Order, beyond, encode_cursor, place
from loaders.keys import PARENT_KEY, Keys
from loaders.statements import Shape, pack, split

R = TypeVar("R")

# A column that the rows of a page have beside those of their table.
CURSOR = "cursor"

# The key of a list that has no parent, such as the feed.
ROOT = ""


class Listing(Generic[R]):
    """Which rows a list has, and their order: a frozen dataclass whose fields are the filter.

    What its fields hold is a bind parameter when a statement is compiled (`loaders.statements`): a
    condition may ask whether there is a value, not which.
    """

    # The row type.
    row: ClassVar[type]

    @property
    def order(self) -> Order:
        """Its columns are among the selected ones."""
        raise NotImplementedError

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        """The whole list of the parent with this key, as the viewer may see it, without an order.

        It selects all columns of the row type, an `id` among them.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that is wanted: `limit` rows from its start, or from its end if `backward`."""

    limit: int
    backward: bool = False
    after: Cursor | None = None
    before: Cursor | None = None


@dataclass(frozen=True)
class Part(Generic[R]):
    """A window of a list; the same one may be read by many requests."""

    listing: Listing[R]
    window: Window

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.listing, self.window))

    @cached_property
    def split(self) -> tuple[Shape, tuple[str, ...]]:
        """Its shape and values (`loaders.statements`); raises Invalid for a cursor of another list."""
        values: list[str] = []
        listing, window = split(self.listing, values), self.window
        after = shape_of_place(window.after, self.listing, "after", values)
        before = shape_of_place(window.before, self.listing, "before", values)
        shape = (Part, listing, (Window, window.limit, window.backward, after, before))
        return shape, tuple(values)


class Page(NamedTuple, Generic[R]):
    """Rows in the list's order, and whether the list goes on at either side."""

    rows: Sequence[R]
    has_next: bool
    has_previous: bool


class NumberedPage(NamedTuple, Generic[R]):
    """The rows of page `number`, counted from 1, and whether there is a next one."""

    rows: Sequence[R]
    number: int
    has_next: bool


class PageOf(Loader[Page[R]], Generic[R]):
    """The part of the list, for each parent; a row may be asked for its `cursor`, too.

    Raises Invalid for a cursor of another list.
    """

    def __init__(self, reads: Reads, viewer: Viewer | None, part: Part[R]) -> None:
        super().__init__(reads, viewer, part)
        self.listing = part.listing
        self.window = part.window
        self.absent = self.cut(())

    @classmethod
    def shape(cls, values: list[str], viewer: Viewer | None, *parameters: Any) -> tuple[Shape, ...]:
        (part,) = parameters
        base = super().shape(values, viewer)
        shape, own = part.split
        values += own
        return (*base, shape)

    def whole(self) -> Columns:
        return whole_row(self.listing.row, CURSOR)

    def statement(self, columns: Columns, keys: Keys) -> Select[Any]:
        window, order = self.window, self.listing.order
        listing = self.listing.select(PARENT_KEY, self.viewer)
        bounded = listing.where(*bounds(window, order, listing))
        nearest = order.reversed() if window.backward else order
        limited = sort(bounded, nearest).limit(window.limit + 1)
        return of_parents(keys, limited, self.listing, self.stored(columns))

    def stored(self, columns: Columns) -> Columns:
        """What the statement selects: for cursors, the columns of the order stand at the end."""
        if CURSOR not in columns:
            return columns
        return (*(name for name in columns if name != CURSOR), *self.listing.order.columns)

    def collect(
        self, rows: Sequence[Row], columns: Columns, keys: Sequence[str]
    ) -> dict[str, Page[Any]]:
        if CURSOR in columns:
            rows = with_cursors(rows, columns.index(CURSOR), self.listing.order)
        if self.window.backward:
            return {
                keys[place - 1]: self.cut(list(group)) for place, group in groupby(rows, last_of)
            }
        return self._first(rows, keys)

    def _first(self, rows: Iterable[Row], keys: Sequence[str]) -> dict[str, Page[Any]]:
        """As `cut` does, the most frequent case in fewer steps."""
        limit, has_previous = self.window.limit, self.window.after is not None
        pages: dict[str, Page[Any]] = {}
        new: Any = tuple.__new__
        for number, group in groupby(rows, last_of):
            found = list(group)
            has_next = len(found) > limit
            if has_next:
                found.pop()
            pages[keys[number - 1]] = new(Page, (found, has_next, has_previous))
        return pages

    def cut(self, rows: Sequence[Any]) -> Page[Any]:
        """Drops the row that was read beyond the limit only to see whether there is one."""
        window = self.window
        more = len(rows) > window.limit
        if window.backward:
            return Page(rows[1:] if more else rows, window.before is not None, more)
        return Page(rows[:-1] if more else rows, more, window.after is not None)

    def reshape(self, value: Page[Any], change: Callable[[Row], Any]) -> Page[Any]:
        return Page([change(row) for row in value.rows], value.has_next, value.has_previous)


class NumberedPageOf(Loader[NumberedPage[R]], Generic[R]):
    """Page `number` (from 1) of `size` rows, for each parent."""

    def __init__(
        self, reads: Reads, viewer: Viewer | None, listing: Listing[R], number: int, size: int
    ) -> None:
        super().__init__(reads, viewer, listing, number, size)
        self.listing = listing
        self.number = number
        self.size = size
        self.absent = self.cut(())

    @classmethod
    def shape(cls, values: list[str], viewer: Viewer | None, *parameters: Any) -> tuple[Shape, ...]:
        *written, size = parameters
        return (*super().shape(values, viewer, *written), size)

    def whole(self) -> Columns:
        return whole_row(self.listing.row)

    def statement(self, columns: Columns, keys: Keys) -> Select[Any]:
        order = self.listing.order
        listing = sort(self.listing.select(PARENT_KEY, self.viewer), order)
        part = listing.offset((self.number - 1) * self.size).limit(self.size + 1)
        return of_parents(keys, part, self.listing, columns)

    def collect(
        self, rows: Sequence[Row], columns: Columns, keys: Sequence[str]
    ) -> dict[str, NumberedPage[Any]]:
        return {keys[place - 1]: self.cut(list(group)) for place, group in groupby(rows, last_of)}

    def cut(self, rows: Sequence[Any]) -> NumberedPage[Any]:
        return NumberedPage(rows[: self.size], self.number, len(rows) > self.size)

    def reshape(self, value: NumberedPage[Any], change: Callable[[Row], Any]) -> NumberedPage[Any]:
        return NumberedPage([change(row) for row in value.rows], value.number, value.has_next)


class CountOf(Loader[int]):
    """How many rows the whole list has, for each parent."""

    absent = 0

    def __init__(self, reads: Reads, viewer: Viewer | None, listing: Listing[Any]) -> None:
        super().__init__(reads, viewer, listing)
        self.listing = listing

    def statement(self, columns: Columns, keys: Keys) -> Select[Any]:
        listing = project(self.listing.select(PARENT_KEY, self.viewer), ["id"]).subquery("listing")
        # Counted parent by parent, or a plan for any parents would join whole tables.
        size = select(func.count()).select_from(listing).scalar_subquery()
        return select(size, keys.place)

    def collect(self, rows: Sequence[Row], columns: Columns, keys: Sequence[str]) -> dict[str, int]:
        return {keys[place - 1]: size for size, place in rows}


def shape_of_place(
    cursor: Cursor | None, listing: Listing[Any], argument: str, values: list[str]
) -> Shape:
    """The shape of a cursor; raises Invalid for one of another list."""
    if cursor is None:
        return None
    found = place(cursor, listing.order, listing.row, argument)
    return (Cursor, cursor.order, (pack, *[split(value, values) for value in found]))


def bounds(window: Window, order: Order, listing: Select[Any]) -> list[ColumnElement[bool]]:
    row = ordering(listing.selected_columns, order)
    conditions = []
    if window.after is not None:
        conditions.append(beyond(window.after.values, order, row))
    if window.before is not None:
        conditions.append(beyond(window.before.values, order.reversed(), row))
    return conditions


def sort(listing: Select[Any], order: Order) -> Select[Any]:
    return listing.order_by(*directed(listing.selected_columns, order))


def of_parents(
    keys: Keys, part: Select[Any], listing: Listing[Any], names: Sequence[str]
) -> Select[Any]:
    """Runs a part of one parent's listing for each of the batch, and selects these columns of its rows."""
    order, parents = listing.order, keys.parents
    wanted = list(dict.fromkeys([*names, *order.columns]))
    page: FromClause = project_joined(listing.row, part, wanted).lateral("page")
    return (
        select(*[page.c[name] for name in names], keys.place)
        .select_from(parents.join(page, true()))
        .order_by(keys.position, *directed(page.c, order))
    )


def ordering(columns: Any, order: Order) -> list[ColumnElement[Any]]:
    return [columns[name] for name in order.columns]


def directed(columns: Any, order: Order) -> list[ColumnElement[Any]]:
    return [each.desc() if order.descending else each.asc() for each in ordering(columns, order)]


def with_cursors(rows: Iterable[Row], index: int, order: Order) -> list[Row]:
    """The rows with their cursors put in at this index.

    The columns of the order stand at the end of the rows, before the parent's position.
    """
    values_of = itemgetter(slice(-1 - len(order.columns), -1))
    return [(*row[:index], encode_cursor(order, values_of(row)), *row[index:]) for row in rows]
