"""Keyset cursors: where a list was left, as an opaque string that survives inserts and deletes.

A cursor holds the name of the list's order and the values of its columns in one row. It says nothing
that the row itself does not, and a forged one can only name another place in the same list.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, get_type_hints

import orjson
from sqlalchemy import ColumnElement, tuple_

from db.errors import FieldError, Invalid
from loaders.timestamps import Timestamp

# What RFC 4648, section 5 writes for two characters of base64 that URLs do not take.
URL_SAFE = bytes.maketrans(b"+/", b"-_")

CursorValue = str | int | datetime


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a list: `columns` are attributes of the row, together unique and never null.

    `name` belongs to one kind of list and direction, so that a cursor fits no other.
    """

    name: str
    columns: tuple[str, ...]
    descending: bool = True

    def reversed(self) -> "Order":
        return Order(self.name, self.columns, not self.descending)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A decoded cursor."""

    order: str
    values: tuple[CursorValue, ...]


def encode_cursor(order: Order, values: Sequence[Any]) -> str:
    """The cursor of the row with these values in the order's columns.

    It has URL-safe characters only, without padding.
    """
    document = orjson.dumps([order.name, *values])
    text = binascii.b2a_base64(document, newline=False)
    return text.rstrip(b"=").translate(URL_SAFE).decode("ascii")


def decode_cursor(text: str, argument: str) -> Cursor:
    """Reads a cursor given as `argument`; raises Invalid when it is not one of ours."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        document = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeEncodeError, binascii.Error, orjson.JSONDecodeError):
        raise malformed(argument) from None
    match document:
        case [str() as order, *values] if all(type(value) in (str, int) for value in values):
            return Cursor(order, tuple(values))
    raise malformed(argument)


def malformed(argument: str) -> Invalid:
    message = "This cursor is not one that this list has given out."
    return Invalid(message, [FieldError((argument,), message)])


def place(cursor: Cursor, order: Order, row: type, argument: str) -> tuple[CursorValue, ...]:
    """The values of the order's columns in a list of the row type, as their types want them.

    Raises Invalid when the cursor, given as `argument`, belongs to another list.
    """
    kinds = kinds_of(row, order.columns)
    if cursor.order != order.name or len(cursor.values) != len(kinds):
        raise malformed(argument)
    return tuple(
        typed(value, kind, argument) for value, kind in zip(cursor.values, kinds, strict=True)
    )


@lru_cache(maxsize=256)
def kinds_of(row: type, columns: tuple[str, ...]) -> tuple[Any, ...]:
    kinds = get_type_hints(row)
    return tuple(kinds[name] for name in columns)


def typed(value: CursorValue, kind: object, argument: str) -> CursorValue:
    match value:
        case str() if kind is Timestamp:
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                raise malformed(argument) from None
        case int() if kind is int and -(2**63) <= value < 2**63:
            return value
        case str() if kind is str and "\0" not in value:
            return value
    raise malformed(argument)


def beyond(values: Sequence[Any], order: Order, row: Sequence[Any]) -> ColumnElement[bool]:
    """The condition that a row stands after the one with these values in the order's columns.

    `row` are these columns.
    """
    return tuple_(*row) < tuple_(*values) if order.descending else tuple_(*row) > tuple_(*values)
