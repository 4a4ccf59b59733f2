"""What all loaders share: keys in, one statement, results in the order of the keys."""

from asyncio import Future
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar, Generic, TypeVar, cast

from aiodataloader import DataLoader
from sqlalchemy import ColumnElement, FromClause, Select, Text, any_, func, select, true
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.selectable import LateralFromClause

from db.reading import Reads
from db.viewer import Viewer
from engine.records import Columns, columns_of, picker, view_of
from engine.records import select as canonical
from loaders.keys import PLACE, Keys
from loaders.statements import Shape, compiled, split

R = TypeVar("R")
V = TypeVar("V")

Row = tuple[Any, ...]

# Every statement selects last whom a row is for: a key of the batch, or the key's position.
last_of = itemgetter(-1)


class Loader(Generic[V]):
    """Loads values by key for one viewer and one request; made by `loaders.Loaders`.

    A subclass defines what follows `load_keys`.
    """

    # The value of a key that nothing was found for.
    absent: Any = None

    def __init__(self, reads: Reads, viewer: Viewer | None, *parameters: Any) -> None:
        self.reads = reads
        self.viewer = viewer
        self.parameters = parameters
        self._batches: list[Batch[V]] = []

    def load(self, key: str) -> "Future[V]":
        """The value of one key, its rows whole; keys asked for at one time are read together."""
        return self._each.load(key)

    def load_keys(self, keys: Sequence[str], columns: Columns | None) -> Awaitable[list[Any]]:
        """The values of all keys, in their order; what has to be read is asked for at once.

        Rows are tuples that begin with `columns`, or, where it is None, whole rows with attributes.
        Nothing is read twice in the loader's life, unless reading it has failed.
        """
        layout = self.whole() if columns is None else columns
        missing = dict.fromkeys(keys, self.absent)
        batches = []
        for batch in self._batches:
            if covers(batch.layout, layout) and not missing.keys().isdisjoint(batch.keys):
                batches.append(batch)
                missing = {key: self.absent for key in missing if key not in batch.keys}
        if missing:
            batches.append(self._read(missing, layout))
        return Loading(self, batches, keys, columns)

    @cached_property
    def _each(self) -> DataLoader[str, V]:
        return DataLoader(self._load_whole)

    async def _load_whole(self, keys: list[str]) -> list[V]:
        return await self.load_keys(keys, None)

    def _read(self, missing: dict[str, V], layout: Columns) -> "Batch[V]":
        values: list[str] = []
        shape = self.shape(values, self.viewer, *self.parameters)
        statement = compiled(shape, layout, len(missing) == 1)
        parameters = statement.bind(list(missing), values)
        batch = Batch(layout, missing, self.reads.fetch(statement.statement, parameters))
        self._batches.append(batch)
        return batch

    def prime(self, key: str, row: Any) -> None:
        """Remembers a row with attributes, which another loader has read, as the value of a key."""
        self._batches.append(Batch(row.columns, {key: row}, nothing()))

    def forget(self, batch: "Batch[V]") -> None:
        """Reads the keys of the batch anew when they are asked for again."""
        if batch in self._batches:
            self._batches.remove(batch)

    @classmethod
    def shape(cls, values: list[str], viewer: Viewer | None, *parameters: Any) -> tuple[Shape, ...]:
        """The shape (`loaders.statements`) of such a loader that reads nothing itself."""
        return (cls, None, *[split(each, values) for each in (viewer, *parameters)])

    def whole(self) -> Columns:
        """The columns of a whole row, in their canonical order."""
        return ()

    def statement(self, columns: Columns, keys: Keys) -> Select[Any]:
        """Selects these columns, then what `collect` needs, and last whom a row is for."""
        raise NotImplementedError

    def collect(self, rows: Sequence[Row], columns: Columns, keys: Sequence[str]) -> dict[str, V]:
        """The values of those of the batch's keys that were found, from the rows of the statement."""
        raise NotImplementedError

    def reshape(self, value: V, change: Callable[[Row], Any]) -> V:
        """The value with its rows changed."""
        return value


class Batch(Generic[V]):
    """Keys that one statement reads for a loader, with rows laid out as `layout`.

    `values` has the value of each key in case that nothing is found. The loader, which knows its
    batches, is not known to them: nothing is left to the garbage collector.
    """

    __slots__ = ("_is_complete", "_rows", "_values", "keys", "layout")

    def __init__(self, layout: Columns, values: dict[str, V], rows: "Future[list[Row]]") -> None:
        self.layout = layout
        self.keys = values.keys()
        self._rows = rows
        self._values = values
        self._is_complete = False

    def cancel(self) -> None:
        """Nobody waits for its rows any more."""
        self._rows.cancel()

    def values(self, loader: Loader[V]) -> Generator[Any, None, dict[str, V]]:
        """The values of the keys, once their rows are there: as an `__await__` gives them."""
        try:
            rows = yield from self._rows.__await__()
        except BaseException:
            loader.forget(self)
            raise
        if not self._is_complete:
            self._values.update(loader.collect(rows, self.layout, list(self._values)))
            self._is_complete = True
        return self._values


class Loading(Generic[V]):
    """The values of keys, from the batches that read them: see `Loader.load_keys`."""

    __slots__ = ("_batches", "_columns", "_keys", "_loader")

    def __init__(
        self,
        loader: Loader[V],
        batches: Sequence[Batch[V]],
        keys: Sequence[str],
        columns: Columns | None,
    ) -> None:
        self._loader = loader
        self._batches = batches
        self._keys = keys
        self._columns = columns

    def __await__(self) -> Generator[Any, None, list[Any]]:
        found: dict[str, V] = {}
        for batch in self._batches:
            values = yield from batch.values(self._loader)
            change = change_of(batch.layout, self._columns)
            if change is not None:
                values = self._reshaped(values, change)
            found = found | values if found else values
        return list(map(found.__getitem__, self._keys))

    def cancel(self) -> None:
        """Nobody waits for them any more."""
        for batch in self._batches:
            batch.cancel()

    def _reshaped(self, values: dict[str, V], change: Callable[[Row], Any]) -> dict[str, V]:
        reshape = self._loader.reshape
        return {key: reshape(values[key], change) for key in self._keys if key in values}


def nothing() -> "Future[list[Row]]":
    rows: Future[list[Row]] = Future()
    rows.set_result([])
    return rows


@lru_cache(maxsize=1024)
def covers(layout: Columns, wanted: Columns) -> bool:
    return set(wanted) <= set(layout)


@lru_cache(maxsize=1024)
def change_of(layout: Columns, columns: Columns | None) -> Callable[[Row], Any] | None:
    """What makes rows laid out as `columns` of those laid out as `layout`; None if they are so."""
    if columns is None:
        return view_of(layout)
    return None if layout[: len(columns)] == columns else picker(layout, columns)


@lru_cache(maxsize=256)
def whole_row(row: type, *more: str) -> Columns:
    joined = [name for each in joined_to(row) for name in each.names]
    return canonical((*columns_of(row), *joined, *more))


def as_row(row: type, values: Mapping[str, Any]) -> Any:
    """A whole row with attributes, such as a write gives back what it has changed."""
    layout = whole_row(row)
    return view_of(layout)(tuple(values[name] for name in layout))


def columns(row: type, table: type) -> list[Any]:
    """The columns of `table` that the row type `row` names; a row type is the one list of them."""
    return [getattr(table, name) for name in row.__annotations__]


def project(statement: Select[Any], names: Iterable[str]) -> Select[Any]:
    """The statement with only those of its columns, in this order."""
    known = statement.selected_columns
    wanted = [known[name] for name in names]
    return statement.with_only_columns(*wanted, maintain_column_froms=True)


def project_joined(row: type, statement: Select[Any], names: Sequence[str]) -> Select[Any]:
    """As `project`, and columns of what is joined to rows of this type; in no order.

    It is looked up row by row, once the statement's own limit has decided which rows there are: a plan
    might else join whole tables.
    """
    sought = {each: [name for name in names if each.brings(name)] for each in joined_to(row)}
    sought = {each: brought for each, brought in sought.items() if brought}
    if not sought:
        return project(statement, names)
    known = set(names) & set(statement.selected_columns.keys())
    rows = project(statement, sorted({*known, *(each.key for each in sought)})).subquery("own")
    found, source = dict(rows.c.items()), cast(FromClause, rows)
    for each, brought in sought.items():
        other = each.looked_up(rows.c[each.key], brought)
        source = source.outerjoin(other, true())
        found |= dict(other.c.items())
    return select(*[found[name] for name in names]).select_from(source)


@dataclass(frozen=True, slots=True)
class Joined:
    """The row of another table, visible to everybody, whose id stands in the column `key` of a row.

    Its columns may be read with that row, their names after `prefix`: one statement instead of two.
    """

    row: type
    table: Any
    prefix: str

    @property
    def key(self) -> str:
        return f"{self.prefix}id"

    @property
    def names(self) -> Columns:
        """Its columns, as a row has them."""
        return tuple(self.prefix + name for name in columns_of(self.row))

    def brings(self, name: str) -> bool:
        """Whether a row has the column only with it."""
        return name in self.names and name != self.key

    def looked_up(self, key: ColumnElement[Any], names: Iterable[str]) -> LateralFromClause:
        """These columns of it for a row whose `key` this is."""
        own = [getattr(self.table, name.removeprefix(self.prefix)).label(name) for name in names]
        # The limit has it looked up for each row.
        return select(*own).where(self.table.id == key).limit(1).lateral(f"{self.prefix}row")


def joined_to(row: type) -> tuple[Joined, ...]:
    """What may be read with rows of this type: its attribute `joined`."""
    joined: tuple[Joined, ...] = getattr(row, "joined", ())
    return joined


def contains(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Whether the column contains the text in any case, also beyond ASCII, which "C" stops at."""
    whole = func.lower(column.collate("default"))
    return func.strpos(whole, func.lower(text)) > 0


def one_of(column: Any, values: Any) -> ColumnElement[bool]:
    """Whether the column has one of the values, a tuple or a parameter for one."""
    single = isinstance(values, tuple) and len(values) == 1
    condition: ColumnElement[bool] = column == (values[0] if single else any_(array_of(values)))
    return condition


def array_of(values: Any) -> Any:
    """The values, a tuple or a parameter for one, as an array."""
    return array(values, type_=Text()) if isinstance(values, tuple) else values


class RowBy(Loader[R | None], Generic[R]):
    """One row a key, by a unique column; None where no visible row has the key.

    A subclass sets `row` (the row type), `table`, and `key`, the column's name; or `key_column`.
    """

    row: ClassVar[type]
    table: ClassVar[Any]
    key: ClassVar[str] = "id"

    def whole(self) -> Columns:
        return whole_row(self.row)

    def statement(self, columns: Columns, keys: Keys) -> Select[Any]:
        column = self.key_column()
        own = [getattr(self.table, name) for name in columns_of(self.row)]
        statement = select(*own, column.label("batch_key")).where(
            keys.has(column), *self.visible(keys)
        )
        return project_joined(self.row, statement, (*columns, "batch_key"))

    def collect(self, rows: Sequence[Row], columns: Columns, keys: Sequence[str]) -> dict[str, Any]:
        return dict(zip(map(last_of, rows), rows, strict=True))

    def reshape(self, value: Any, change: Callable[[Row], Any]) -> Any:
        return None if value is None else change(value)

    def key_column(self) -> ColumnElement[Any]:
        return getattr(self.table, self.key).expression  # type: ignore[no-any-return]

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        """Conditions that a row must meet to exist for the viewer."""
        return ()


class RowBySlug(RowBy[R], Generic[R]):
    """The row with the slug given as parameter, in each publication of the batch."""

    key = "publication_id"

    def __init__(self, reads: Reads, viewer: Viewer | None, slug: str) -> None:
        super().__init__(reads, viewer, slug)
        self.slug = slug

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        return (self.table.slug == self.slug,)


class RowsBy(Loader[Sequence[R]], Generic[R]):
    """All rows of a parent, in order: for lists that are short by nature.

    A subclass sets `row` (the row type), and defines `select`.
    """

    row: ClassVar[type]
    absent = ()

    def select(self, keys: Keys) -> Select[Any]:
        """Whole rows of the parents, parent by parent, each with its `keys.place`."""
        raise NotImplementedError

    def whole(self) -> Columns:
        return whole_row(self.row)

    def statement(self, columns: Columns, keys: Keys) -> Select[Any]:
        return project(self.select(keys), (*columns, PLACE))

    def collect(
        self, rows: Sequence[Row], columns: Columns, keys: Sequence[str]
    ) -> dict[str, Sequence[Any]]:
        return {keys[place - 1]: list(group) for place, group in groupby(rows, last_of)}

    def reshape(self, value: Sequence[Any], change: Callable[[Row], Any]) -> Sequence[Any]:
        return [change(row) for row in value]
