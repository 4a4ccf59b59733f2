"""What all loaders share: keys in, one statement, results in the order of the keys."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Generic, TypeVar, cast

from aiodataloader import DataLoader
from sqlalchemy import ARRAY, BindParameter, ColumnElement, Select, Text, any_, bindparam, select

from db.database import Database
from db.viewer import Viewer

R = TypeVar("R")
V = TypeVar("V")


class Loader(DataLoader[str, V], Generic[V]):
    """Loads values by key for one viewer and one request; made by `loaders.Loaders`.

    A subclass defines `load_batch`: values in key order, at most one statement for all keys.
    """

    def __init__(self, database: Database, viewer: Viewer | None) -> None:
        super().__init__()
        self.database = database
        self.viewer = viewer

    async def batch_load_fn(self, keys: list[str]) -> list[V]:
        return await self.load_batch(keys)

    async def load_batch(self, keys: Sequence[str]) -> list[V]:
        raise NotImplementedError

    async def rows(self, statement: Select[Any], keys: Sequence[str]) -> Sequence[Any]:
        """The rows of `statement`, which names the batch's keys by `batch_keys()`."""
        async with self.database.read() as connection:
            result = await connection.execute(statement, {"keys": list(keys)})
            return cast(Sequence[Any], result.all())


def batch_keys() -> BindParameter[Sequence[str]]:
    """The keys of the batch, one array parameter: the statement's text is the same for any number."""
    return bindparam("keys", type_=ARRAY(Text(collation="C")))


def columns(row: type, table: type) -> list[Any]:
    """The columns of `table` that the row type `row` names; a row type is the one list of them."""
    return [getattr(table, name) for name in row.__annotations__]


def contains(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Whether the column contains the text in any case, also beyond ASCII, which "C" stops at."""
    return column.collate("default").icontains(text, autoescape=True)


class RowBy(Loader[R | None], Generic[R]):
    """One row a key, by a unique column; None where no visible row has the key.

    A subclass sets `row` (the row type), `table`, and `key`, the column's name; or `key_column`.
    """

    row: ClassVar[type]
    table: ClassVar[Any]
    key: ClassVar[str] = "id"

    async def load_batch(self, keys: Sequence[str]) -> list[R | None]:
        column = self.key_column()
        found = await self.rows(
            select(column.label("batch_key"), *columns(self.row, self.table))
            .where(column == any_(batch_keys()))
            .where(*self.visible()),
            keys,
        )
        by_key = {row.batch_key: cast(R, row) for row in found}
        return [by_key.get(key) for key in keys]

    def key_column(self) -> ColumnElement[Any]:
        return getattr(self.table, self.key).expression  # type: ignore[no-any-return]

    def visible(self) -> Iterable[ColumnElement[bool]]:
        """Conditions that a row must meet to exist for the viewer."""
        return ()


class RowBySlug(RowBy[R], Generic[R]):
    """The row with the slug given as parameter, in each publication of the batch."""

    key = "publication_id"

    def __init__(self, database: Database, viewer: Viewer | None, slug: str) -> None:
        super().__init__(database, viewer)
        self.slug = slug

    def visible(self) -> Iterable[ColumnElement[bool]]:
        return (self.table.slug == self.slug,)


class RowsBy(Loader[list[R]], Generic[R]):
    """All rows of a parent, in order: for lists that are short by nature.

    A subclass defines `statement`, whose rows carry their parent's key as `batch_key`.
    """

    async def load_batch(self, keys: Sequence[str]) -> list[list[R]]:
        groups: dict[str, list[R]] = {key: [] for key in keys}
        for row in await self.rows(self.statement(), keys):
            groups[row.batch_key].append(cast(R, row))
        return [groups[key] for key in keys]

    def statement(self) -> Select[Any]:
        raise NotImplementedError
