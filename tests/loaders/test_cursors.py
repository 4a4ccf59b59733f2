"""Cursors: what is encoded comes back, and nothing else than Invalid comes of anything else."""

import base64
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import FieldError, Invalid
from loaders.cursors import Cursor, Order, decode_cursor, encode_cursor, place
from loaders.timestamps import Timestamp

ORDER = Order("top", ("reactions", "at", "id"))


class TopRow:
    id: str
    reactions: int
    at: Timestamp


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


def postgres_text(at: datetime) -> str:
    """As PostgreSQL writes it, without trailing zeros."""
    text = at.replace(tzinfo=None).isoformat(" ")
    return (text.rstrip("0").rstrip(".") if at.microsecond else text) + "+00"


def encoded(document: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(document)).rstrip(b"=").decode()


@given(
    st.integers(-(2**63), 2**63 - 1),
    st.datetimes(timezones=st.just(UTC)),
    st.text(st.characters(codec="utf-8", exclude_characters="\0")),
)
def test_a_row_comes_back_from_its_cursor(reactions: int, at: datetime, identifier: str) -> None:
    text = postgres_text(at)
    cursor = decode_cursor(encode_cursor(ORDER, (reactions, text, identifier)), "after")
    assert cursor == Cursor("top", (reactions, text, identifier))
    assert place(cursor, ORDER, TopRow, "after") == (reactions, at, identifier)


@given(st.datetimes(timezones=st.just(UTC)))
def test_cursors_with_moments_in_iso_8601_are_still_good(at: datetime) -> None:
    cursor = decode_cursor(encoded(["top", 1, at.isoformat(), "post_1"]), "after")
    assert place(cursor, ORDER, TopRow, "after") == (1, at, "post_1")


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
        place(decode_cursor(text, "after"), ORDER, TopRow, "after")
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
        place(cursor, ORDER, TopRow, "after")
