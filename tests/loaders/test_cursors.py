"""Cursors: what is encoded comes back, and nothing else than Invalid comes of anything else."""

import base64
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column
from sqlalchemy.types import BigInteger, DateTime, Text

from db.errors import FieldError, Invalid
from loaders.cursors import Cursor, Order, beyond, decode_cursor, encode_cursor

ORDER = Order("top", ("reactions", "at", "id"))
COLUMNS = [column("reactions", BigInteger()), column("at", DateTime(True)), column("id", Text())]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=6,
)


def encodable(value: Any) -> bool:
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True


def encoded(document: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(document)).rstrip(b"=").decode()


@given(
    st.integers(-(2**63), 2**63 - 1),
    st.datetimes(timezones=st.just(UTC)),
    st.text(st.characters(codec="utf-8")),
)
def test_a_row_comes_back_from_its_cursor(reactions: int, at: datetime, identifier: str) -> None:
    row = SimpleNamespace(reactions=reactions, at=at, id=identifier)
    cursor = decode_cursor(encode_cursor(ORDER, row), "after")
    assert cursor.order == "top"
    assert cursor.values[0] == reactions
    assert datetime.fromisoformat(str(cursor.values[1])) == at
    assert cursor.values[2] == identifier


@given(st.text())
def test_garbled_text_is_invalid(text: str) -> None:
    assert_only_invalid(text)


@given(st.binary())
def test_garbled_bytes_are_invalid(content: bytes) -> None:
    assert_only_invalid(base64.urlsafe_b64encode(content).rstrip(b"=").decode())


@given(JSON.filter(encodable))
def test_forged_documents_are_invalid_or_fit_the_columns(document: Any) -> None:
    assert_only_invalid(encoded(document))


@given(st.lists(JSON.filter(encodable), max_size=4))
def test_forged_values_are_invalid_or_fit_the_columns(values: list[Any]) -> None:
    assert_only_invalid(encoded(["top", *values]))


def assert_only_invalid(text: str) -> None:
    try:
        beyond(decode_cursor(text, "after"), ORDER, COLUMNS, "after")
    except Invalid as error:
        assert error.fields == (FieldError(("after",), str(error)),)


@pytest.mark.parametrize(
    "cursor",
    [
        Cursor("newest", (1, "2026-01-01T00:00:00Z", "post_1")),
        Cursor("top", (1, "2026-01-01T00:00:00Z")),
        Cursor("top", ("1", "2026-01-01T00:00:00Z", "post_1")),
        Cursor("top", (2**63, "2026-01-01T00:00:00Z", "post_1")),
        Cursor("top", (1, "yesterday", "post_1")),
        Cursor("top", (1, "2026-01-01T00:00:00Z", 1)),
        Cursor("top", (1, "2026-01-01T00:00:00Z", "post\0")),
    ],
)
def test_cursors_of_other_lists_are_invalid(cursor: Cursor) -> None:
    with pytest.raises(Invalid, match="not one that this list has given out"):
        beyond(cursor, ORDER, COLUMNS, "after")
