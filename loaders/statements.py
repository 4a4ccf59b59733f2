"""Statements compiled once a shape, and bound to values at each use.

What a statement is made from, such as a listing and the viewer, is split in two: its shape, which
decides on the SQL, and its values, which are parameters of it. Strings, numbers, moments and tuples of
strings are values; None and booleans are part of the shape, and so is whether a tuple has one item
(see `loaders.keys` for the reason).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, DateTime, Select, Text, bindparam
from sqlalchemy.types import TypeEngine

from db.reading import Statement, array_literal, written
from loaders.keys import KEYS, MANY, ONE

# Hashable: see `split`.
Shape = Any


class Kind(NamedTuple):
    """The SQL type of values of one Python type, and how they are written as text."""

    type: TypeEngine[Any]
    write: Callable[[Any], str]


KINDS: dict[type, Kind] = {
    str: Kind(Text(), str),
    int: Kind(BigInteger(), str),
    datetime: Kind(DateTime(timezone=True), datetime.isoformat),
    tuple: Kind(ARRAY(Text()), array_literal),
}


class Compiled(NamedTuple):
    """A statement, and for each of its parameters the place of its value: 0 for the keys, 1 up."""

    statement: Statement
    places: tuple[int, ...]

    def bind(self, keys: Sequence[str], values: Sequence[str]) -> list[str]:
        """The statement's parameters; it was compiled for so many keys."""
        given = (keys[0] if len(keys) == 1 else array_literal(keys), *values)
        return [given[place] for place in self.places]


def split(value: Any, values: list[str]) -> Shape:
    """The shape of a value, whose values are appended to `values` as text.

    A shape has a type in the place of a value; a dataclass is its class and the shapes of those of its
    fields that are compared.
    Raises TypeError for anything else: nothing that a client sent comes into the text of a statement.
    """
    kind: Any = type(value)
    if value is None or kind is bool:
        return value
    if kind is tuple and len(value) == 1:
        return (pack, split(value[0], values))
    known = KINDS.get(kind)
    if known is not None:
        values.append(known.write(value))
        return kind
    return (kind, *[split(getattr(value, name), values) for name in names_of(kind)])


def pack(*values: Any) -> tuple[Any, ...]:
    """Stands in a shape for a tuple, item by item."""
    return values


@lru_cache(maxsize=256)
def names_of(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.compare)


def template(shape: Shape, numbers: Iterator[int]) -> Any:
    """What has this shape, with numbered bind parameters in the places of its values."""
    if isinstance(shape, type):
        return bindparam(f"p{next(numbers)}", type_=KINDS[shape].type)
    if isinstance(shape, tuple):
        make, *parts = shape
        return make(*[template(part, numbers) for part in parts])
    return shape


@lru_cache(maxsize=1024)
def compiled(shape: Shape, columns: tuple[str, ...], single: bool) -> Compiled:
    """What the loader of this shape reads these columns by, for one key or for any number."""
    loader = template(shape, count(1))
    select: Select[Any] = loader.statement(columns, ONE if single else MANY)
    statement, names = written(select)
    return Compiled(statement, tuple(0 if name == KEYS else int(name[1:]) for name in names))
