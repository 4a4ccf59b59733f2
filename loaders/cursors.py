"""Keyset cursors: where a list was left, as an opaque string that survives inserts and deletes.

A cursor holds the name of the list's order and the values of its columns in one row. It says nothing
that the row itself does not, and a forged one can only name another place in the same list.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, DateTime, Integer, Text, literal, tuple_

from db.errors import FieldError, Invalid

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


def encode_cursor(order: Order, row: object) -> str:
    """The cursor of `row` in a list of this order: URL-safe characters, without padding."""
    document = orjson.dumps([order.name, *(getattr(row, name) for name in order.columns)])
    return base64.urlsafe_b64encode(document).rstrip(b"=").decode("ascii")


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


def beyond(cursor: Cursor, order: Order, row: Sequence[Any], argument: str) -> ColumnElement[bool]:
    """The condition that a row stands after the cursor; `row` are the columns of the order.

    Raises Invalid when the cursor belongs to another list.
    """
    if cursor.order != order.name or len(cursor.values) != len(order.columns):
        raise malformed(argument)
    values = tuple_(
        *(typed(value, column, argument) for value, column in zip(cursor.values, row, strict=True))
    )
    return tuple_(*row) < values if order.descending else tuple_(*row) > values


def typed(value: CursorValue, column: Any, argument: str) -> ColumnElement[Any]:
    """`value` as the column's type wants it."""
    match value, column.type:
        case str(), DateTime():
            try:
                return literal(datetime.fromisoformat(value), column.type)
            except ValueError:
                raise malformed(argument) from None
        case (int(), Integer()) if -(2**63) <= value < 2**63:
            return literal(value, BigInteger())
        case str(), Text() if "\0" not in value:
            return literal(value, column.type)
    raise malformed(argument)
