"""Rows as plain tuples, and views of them with attributes for resolvers that are Python functions."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, get_type_hints

from graphql import GraphQLObjectType

Columns = tuple[str, ...]


class View(tuple[Any, ...]):
    """A row whose columns are attributes; beyond its columns a row may have more items."""

    __slots__ = ()
    columns: Columns


@lru_cache(maxsize=1024)
def view_of(columns: Columns) -> type[View]:
    """The class of rows laid out as `columns`; it is made from a tuple: `view_of(columns)(row)`."""
    attributes = {name: property(itemgetter(index)) for index, name in enumerate(columns)}
    return type("Row", (View,), {"__slots__": (), "columns": columns} | attributes)


@lru_cache(maxsize=1024)
def annotations_of(row: type) -> dict[str, Any]:
    """The Python types of a row type's columns, those it inherits first."""
    return get_type_hints(row)


def columns_of(row: type) -> Columns:
    """All columns of a row type."""
    return tuple(annotations_of(row))


def picker(columns: Columns, wanted: Columns) -> Callable[[Any], tuple[Any, ...]]:
    """A function from a row laid out as `columns` to the tuple of the `wanted` ones."""
    indexes = [columns.index(name) for name in wanted]
    # Given one index, itemgetter would return the bare item; the rest of a row is never read.
    return itemgetter(*indexes) if len(indexes) > 1 else itemgetter(slice(indexes[0], None))


def select(columns: Sequence[str]) -> Columns:
    """Columns in their one canonical order, so that equal sets have equal layouts."""
    return tuple(sorted(set(columns)))


def row_of(type_: GraphQLObjectType) -> type | None:
    """The row type that a Strawberry type declares for its values as its attribute `row`."""
    definition = type_.extensions.get("strawberry-definition")
    row: type | None = getattr(getattr(definition, "origin", None), "row", None)
    return row
