"""Spec 7, response: data, errors and what is in them."""

from typing import Any

import pytest
from graphql import GraphQLError, build_schema

from tests.engine.parity.plain import failing, plainly, schema_of
from tests.engine.parity.runs import agreed


async def test_7_1_data_of_a_request_that_was_executed_is_a_map() -> None:
    assert await plainly("type Query { a: Int }", "{ a }", dict) == ({"a": None}, [])


async def test_7_1_errors_are_absent_without_errors() -> None:
    result = await agreed(schema_of("type Query { a: Int }"), "{ a }", root=lambda: {"a": 1})
    assert result.errors is None
    assert result.formatted == {"data": {"a": 1}}


async def test_7_1_2_data_is_null_when_it_could_not_be_completed() -> None:
    result = await agreed(schema_of("type Query { a: Int! }"), "{ a }", root=dict)
    assert result.data is None
    assert len(result.errors or []) == 1


async def test_7_1_6_2_request_errors_have_no_path() -> None:
    result = await agreed(schema_of("type Query { a(x: Int!): Int! }"), "{ a }")
    (error,) = result.errors or []
    assert error.path is None
    assert [tuple(place) for place in error.locations or []] == [(1, 3)]


@pytest.mark.parametrize("indices", [(0, 0), (1, 2), (2, 1)])
async def test_7_1_6_3_paths_of_execution_errors(indices: tuple[int, int]) -> None:
    sdl = "type Query { rows: [[Row]] } type Row { x: Int y: Row }"
    rows: list[list[Any]] = [[{"x": 1, "y": {"x": 2}} for _ in range(3)] for _ in range(3)]
    rows[indices[0]][indices[1]] = {"y": {"x": failing()}}
    source = "{ all: rows { ...F } } fragment F on Row { below: y { leaf: x } }"
    _, errors = await plainly(sdl, source, lambda: {"rows": rows})
    assert errors == [("failed", ["all", *indices, "below", "leaf"])]


async def test_7_1_6_4_extensions_of_errors() -> None:
    def fail(*_: Any) -> None:
        raise GraphQLError("failed", extensions={"code": "OWN", "fields": [{"name": "x"}]})

    schema = schema_of("type Query { rows: [Row] } type Row { x: Int }")
    result = await agreed(schema, "{ rows { x } }", root=lambda: {"rows": [{"x": fail}, {"x": 1}]})
    (error,) = result.errors or []
    assert error.formatted == {
        "message": "failed",
        "locations": [{"line": 1, "column": 10}],
        "path": ["rows", 0, "x"],
        "extensions": {"code": "OWN", "fields": [{"name": "x"}]},
    }


async def test_an_error_keeps_what_was_raised() -> None:
    """Servers log the exception behind an error."""
    schema = schema_of("type Query { a: Int b: [Int] }")
    raised = KeyError("a")

    def fail(*_: Any) -> None:
        raise raised

    result = await agreed(schema, "{ a }", root=lambda: {"a": fail})
    assert (result.errors or [])[0].original_error is raised


async def test_an_error_that_names_its_own_place() -> None:
    """A GraphQLError with a path or with nodes says it all by itself."""
    schema = build_schema("type Query { a: Int b: [B] } type B { c: Int! d: Int }")

    def placed(*_: Any) -> None:
        raise GraphQLError("placed", path=["elsewhere", 1])

    def noded(_source: Any, info: Any) -> None:
        raise GraphQLError("noded", info.operation)

    schema.query_type.fields["a"].resolve = noded  # type: ignore[union-attr]
    schema.type_map["B"].fields["d"].resolve = noded  # type: ignore[attr-defined]
    await agreed(schema, "{ b { d } a }", root=lambda: {"b": [{}, {}]})


@pytest.mark.parametrize("value", [-(2**31), 0.1 + 0.2, 1e300, "\u0000\U0001f600", "", -0.0])
async def test_7_2_values_are_kept_exactly(value: Any) -> None:
    type_ = {int: "Int", float: "Float", str: "String"}[type(value)]
    sdl = f"type Query {{ v: {type_}! l: [{type_}!]! }}"
    data, errors = await plainly(sdl, "{ v l }", lambda: {"v": value, "l": [value]})
    assert errors == []
    assert repr(data) == repr({"v": value, "l": [value]})


async def test_7_2_2_keys_keep_the_order_of_the_selection() -> None:
    sdl = "type Query { c: Int b: Int a: Int d: [D] } type D { z: Int y: Int }"
    data, _ = await plainly(sdl, "{ a c d { z y } b }", lambda: {"d": [{"y": 1, "z": 2}]})
    assert list(data) == ["a", "c", "d", "b"]
    assert list(data["d"][0]) == ["z", "y"]
