"""Parameters as text: arrays in all their forms, and what no text can hold."""

from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.errors import Invalid
from db.reading.statement import Statement, array_literal, encoded, local
from tests.postgres import Server

storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@pytest.fixture(scope="module")
def connection(postgres: Server) -> Iterator["psycopg.Connection[tuple[list[str]]]"]:
    url = postgres.superuser_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@given(st.lists(storable))
@example([])
@example([""])
@example(["", ""])
@example(['","'])
@example(["NULL", "null", "{}", "a b", " ", "\\", '"', '\\"', "\n\t", "é\U0001f642"])
def test_postgresql_reads_an_array_literal_as_the_same_values(
    connection: "psycopg.Connection[tuple[list[str]]]", values: list[str]
) -> None:
    row = connection.execute("select %s::text[]", [array_literal(values)]).fetchone()
    assert row == (values,)


def test_a_parameter_is_utf8_or_null() -> None:
    assert encoded(["é\U0001f642", None, ""]) == [b"\xc3\xa9\xf0\x9f\x99\x82", None, b""]


@pytest.mark.parametrize("value", ["\0", "a\0b", "\ud800", array_literal(["a", "\0"])])
def test_what_no_text_can_hold_is_invalid(value: str) -> None:
    with pytest.raises(Invalid) as refused:
        encoded(["fine", value])
    assert str(refused.value) == "A text has a character that cannot be stored."


def test_local_settings_are_one_statement() -> None:
    assert local({"a.b": "1", "c.d": "it's"}) == (
        Statement("select set_config($1, $2, true), set_config($3, $4, true)"),
        [b"a.b", b"1", b"c.d", b"it's"],
    )
