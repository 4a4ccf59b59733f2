"""Spec 6.1, executing requests: which operation is executed, and what its variables are."""

import enum
import math
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLScalarType, GraphQLSchema, build_schema

from tests.engine.parity.plain import plainly, told
from tests.engine.parity.runs import agreed

SEVERAL = "query One { a } query Two { b a } mutation Three { c } fragment F on Query { a }"
SDL = "type Query { a: Int b: Int } type Mutation { c: Int }"
ROOT = {"a": 1, "b": 2, "c": 3}


@pytest.mark.parametrize(
    ("name", "data"), [("One", {"a": 1}), ("Two", {"b": 2, "a": 1}), ("Three", {"c": 3})]
)
async def test_the_named_operation(name: str, data: Any) -> None:
    source = SEVERAL.replace("b a }", "b ...F }")
    assert await plainly(SDL, source, lambda: ROOT, operation_name=name) == (data, [])


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("query One { a } query Two { b }", None),
        ("query One { a } query Two { b }", "Three"),
        ("query One { a }", "Two"),
        ("{ a }", "One"),
        ("query One { a } query Two { b }", ""),
        ("{ a }", ""),
        ("fragment F on Query { a }", None),
        ("subscription { a }", None),
        ("mutation { a }", None),
        ("query One { a } subscription Two { a }", "Two"),
        ("", None),
        ("{", None),
        ("{ unknown }", None),
        ("{ a { b } }", None),
        ("query ($x: Unknown) { a }", None),
        ("query ($x: Int) { a }", None),
        ("{ a(x: 1) }", None),
        ("{ ...F }", None),
        ("{ ...F } fragment F on Query { ...F }", None),
        ("{ a @unknown }", None),
        ("type Query { a: Int }", None),
    ],
)
async def test_nothing_to_execute(source: str, name: str | None) -> None:
    data, errors = await plainly(SDL, source, lambda: ROOT, operation_name=name)
    assert data is None
    assert errors
    assert all(path is None for _, path in errors)


async def test_the_only_operation_needs_no_name() -> None:
    assert await plainly(SDL, "query One { a }", lambda: ROOT) == ({"a": 1}, [])
    assert await plainly(SDL, "query One { a }", lambda: ROOT, operation_name="One") == (
        {"a": 1},
        [],
    )


class Color(enum.Enum):
    RED = 0
    GREEN = None
    BLUE = math.nan


INPUTS = """
scalar Even
enum Color { RED GREEN BLUE }
input Point {
    x: Int! = 7 y: Int! z: Int = 3 even: Even color: Color = BLUE more: [Point!] matrix: [[Int]!]
}
input Choice @oneOf { a: Int b: String c: Point d: [Int!] }
type Query {
    f(
        int: Int = 1 required: Int! = 5 float: Float string: String id: ID boolean: Boolean color: Color
        even: Even list: [Int] full: [Int!] nested: [[Int!]!]! = [[1]] point: Point
        points: [Point] = [{y: 1}] choice: Choice choices: [Choice!]
    ): String
    must(x: Int!): String
    list(x: [String!]!): String
    point(x: Point!): String
    choice(x: Choice!): String
}
"""


def even(value: Any) -> Any:
    if value % 2:
        raise ValueError(f"{value} is not even")
    return value // 2


def inputs() -> GraphQLSchema:
    """The schema, whose enum has values of Python and whose scalar fails on odd numbers."""
    schema = build_schema(INPUTS)
    scalar = schema.type_map["Even"]
    assert isinstance(scalar, GraphQLScalarType)
    scalar.parse_value = even  # type: ignore[method-assign]
    scalar.coerce_input_value = even
    color = schema.type_map["Color"]
    assert isinstance(color, GraphQLEnumType)
    for name, value in color.values.items():
        value.value = Color[name]
    for field in ("f", "must", "list", "point", "choice"):
        schema.query_type.fields[field].resolve = tell  # type: ignore[union-attr]
    return schema


def tell(_source: Any, _info: Any, **arguments: Any) -> str:
    return repr(arguments)


SCHEMA = inputs()
F = """
query F(
    $int: Int $withDefault: Int = 9 $nullDefault: Int = null $required: Int! = 4 $float: Float
    $string: String $id: ID $boolean: Boolean $color: Color $even: Even $list: [Int] $full: [Int!]
    $item: Int $nested: [[Int!]!]
    $point: Point $points: [Point] $choice: Choice $y: Int = 2
) {
    absent: f
    given: f(
        int: $int required: $required float: $float string: $string id: $id boolean: $boolean color: $color
        even: $even list: $list full: $full point: $point points: $points choice: $choice
    )
    defaults: f(int: $withDefault, list: [$withDefault, $nullDefault, $item, 5])
    inside: f(points: [{y: $y, more: [{y: 1}], z: $item, even: $even}, $point, null])
    withNullDefault: f(int: $nullDefault)
}
"""
VARIABLES: list[dict[str, Any]] = [
    {},
    {"int": None, "withDefault": None, "required": 3, "list": None, "point": None, "points": None},
    {"int": 3, "float": 1, "string": "s", "id": 4, "boolean": True, "color": "GREEN", "even": 4},
    {
        "int": 3.0,
        "float": 1.5,
        "string": "",
        "id": "x",
        "boolean": False,
        "color": "RED",
        "even": 0,
    },
    {"list": [1, None], "full": [1], "nested": [[1]], "item": 6},
    {"list": 1, "full": 2, "points": {"y": 1}, "nested": 7},
    {
        "point": {"y": 1, "more": [{"x": 1, "y": 2, "matrix": [[1, None], []]}]},
        "points": [None, {"y": 3}],
    },
    {"point": {"y": 1, "z": None, "color": None}, "choice": {"c": {"y": 1}}},
    {"choice": {"a": 1}},
    {"choice": {"d": [1]}},
    {"unknown": 1, "int": 2},
    {"item": None},
]
BAD: list[dict[str, Any]] = [
    {"int": "3"},
    {"int": 1.5},
    {"int": True},
    {"int": 2**31},
    {"float": "1"},
    {"float": math.nan},
    {"string": 1},
    {"id": 1.5},
    {"id": True},
    {"boolean": 1},
    {"color": "PINK"},
    {"color": 1},
    {"color": "red"},
    {"even": 3},
    {"even": "x"},
    {"required": None},
    {"full": [1, None]},
    {"list": [1, "x"]},
    {"list": {"a": 1}},
    {"nested": [[None]]},
    {"nested": [None]},
    {"point": {}},
    {"point": {"y": None}},
    {"point": {"y": 1, "w": 1}},
    {"point": {"y": 1, "x": None}},
    {"point": []},
    {"point": 1},
    {"points": [{"y": 1}, {"y": "x"}, {"more": [{}]}]},
    {"choice": {}},
    {"choice": {"a": None}},
    {"choice": {"a": 1, "b": "x"}},
    {"choice": {"a": 1, "b": None}},
    {"choice": {"unknown": 1}},
    {"choice": {"c": {}}},
    {"int": "a", "float": "b", "point": {"more": [{}, {"x": []}]}},
    {"point": {str(number): number for number in range(80)}},
]


@pytest.mark.parametrize("variables", VARIABLES, ids=str)
async def test_good_variables(variables: dict[str, Any]) -> None:
    source = F.replace("$nested: [[Int!]!]\n", "")
    result = await agreed(SCHEMA, source, variables)
    assert result.data is not None


@pytest.mark.parametrize("variables", BAD, ids=lambda bad: str(bad)[:60])
async def test_bad_variables(variables: dict[str, Any]) -> None:
    source = F.replace("absent: f", "absent: f(nested: $nested)").replace(
        "[[Int!]!]\n", "[[Int!]!]! = []\n"
    )
    data, errors = told(await agreed(SCHEMA, source, variables))
    assert data is None
    assert errors


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        ("query ($x: Int!) { must(x: $x) }", {}),
        ("query ($x: Int!) { must(x: $x) }", {"x": None}),
        ("query ($x: Int = 1) { must(x: $x) }", {"x": None}),
        ("query ($x: Int = 1) { must(x: $x) }", {}),
        ("query ($x: Int) { f(required: $x) }", {}),
        ("query ($x: Int) { f(required: $x) }", {"x": None}),
        ("query ($x: Int = 2) { f(required: $x) }", {"x": None}),
        ("query ($x: Int) { f(point: {y: 1, x: $x}) }", {}),
        ("query ($x: Int) { f(point: {y: 1, x: $x}) }", {"x": None}),
        ("query ($x: String!) { list(x: [$x, $x]) }", {"x": "a"}),
        ("query ($x: [String!]!) { list(x: $x) }", {"x": "a"}),
        ("query ($x: String!) { list(x: $x) }", {"x": "a"}),
        ("query ($x: Int!) { choice(x: {a: $x}) }", {"x": 1}),
        ("query ($x: Int) { choice(x: {a: $x}) }", {"x": None}),
        ("query ($x: Int) { choice(x: {a: $x}) }", {}),
        ("{ choice(x: {a: null}) }", {}),
        ("{ choice(x: {a: 1, b: null}) }", {}),
        ("{ choice(x: {}) }", {}),
        ('{ choice(x: {b: "b"}) }', {}),
        ("query ($x: Choice!) { choice(x: $x) }", {"x": {"b": "b"}}),
        ("{ must }", {}),
        ('{ must(x: "1") }', {}),
        ("{ must(x: null) }", {}),
        ("{ point(x: {y: 1, even: 3}) }", {}),
        ("{ point(x: {y: 1, even: 4, color: RED}) }", {}),
        ("{ point(x: {y: 1, color: PINK}) }", {}),
        ("{ f(int: null, list: null, nested: 3, points: null) }", {}),
        ("{ f(list: [1, null, 2], nested: [[], [1]], points: [null]) }", {}),
        ("{ f(even: 3) must: f(even: 2) }", {}),
        ("query ($e: Even) { f(even: $e) f2: f(even: 6) f3: f(even: 3) }", {"e": 8}),
        ('{ f(string: """\n  block\n    text\n""", id: 7, float: 3) }', {}),
        ("query ($x: Int @deprecated) { f(int: $x) }", {"x": 1}),
    ],
)
async def test_variables_in_arguments(source: str, variables: dict[str, Any]) -> None:
    await agreed(SCHEMA, source, variables)


async def test_a_variable_that_only_one_operation_has() -> None:
    source = "query A($x: Int!) { must(x: $x) } query B { must(x: 2) }"
    for name in ("A", "B"):
        await agreed(SCHEMA, source, {}, name)


async def test_values_of_variables_are_not_kept() -> None:
    """A document is prepared once, and asked with other variables each time."""
    source = "query ($x: Int, $p: Point) { f(int: $x, point: $p) }"
    for variables in (
        {"x": 1},
        {"x": 2},
        {},
        {"x": None, "p": {"y": 1}},
        {"p": {"y": 2}},
        {"x": "bad"},
    ):
        await agreed(SCHEMA, source, variables)


async def test_literals_are_not_shared() -> None:
    """A resolver that changes an argument does not change it for another object or for the next request.

    (A default value it does change, under stock execution as well.)
    """
    sdl = "input I { a: [Int] } type Query { f(i: I): String rows: [Row] } type Row { f(m: [Int]): String }"
    schema = build_schema(sdl)

    def resolve(_source: Any, _info: Any, **arguments: Any) -> str:
        seen = repr(arguments)
        for value in arguments.values():
            value.append(9) if isinstance(value, list) else value.update(b=2)
        return seen

    for name in ("Query", "Row"):
        schema.type_map[name].fields["f"].resolve = resolve  # type: ignore[attr-defined]
    source = "query ($i: I) { a: f(i: {a: 2}) b: f(i: $i) rows { f(m: [2]) g: f(m: [3]) } }"
    await agreed(schema, source, {"i": {"a": [3]}}, root=lambda: {"rows": [{}, {}, {}]})
