"""Spec 6.4.4, handling execution errors: what becomes null, and which error says why."""

import asyncio
from functools import partial
from typing import Any

import pytest
from graphql import GraphQLError

from tests.engine.parity.plain import Later, Unlucky, failing, failing_later, plainly, schema_of
from tests.engine.parity.runs import agreed

SDL = """
type Query { tree: Tree treeRequired: Tree! listTrees: [Tree] }
type Tree {
    leaf: String leafRequired: String! list: [String] listRequired: [String!]!
    tree: Tree treeRequired: Tree! listTrees: [Tree] listTreesRequired: [Tree!]! listTreesFull: [Tree!]
}
"""

TREES = """
query Trees { tree { ...A } listTrees { ...B ...A } }
fragment A on Tree { leaf tree { ...C } listTrees { ...C } listTreesFull { ...C } after: leaf }
fragment B on Tree { treeRequired { ...C treeRequired { ...C } } listTreesRequired { leafRequired ...C } }
fragment C on Tree { leaf leafRequired list listRequired
    tree { leafRequired treeRequired { leafRequired } } }
"""


@pytest.mark.parametrize("mishaps", [20, 80, 250, 700])
async def test_random_failures_in_trees(mishaps: int) -> None:
    for seed in range(12):

        def root(seed: int = seed) -> Unlucky:
            return Unlucky(seed, mishaps)

        await plainly(SDL, TREES, root)
        await plainly(
            SDL, "{ treeRequired { leaf leafRequired treeRequired { leafRequired } } }", root
        )


FAILURES = [failing, failing_later]


@pytest.mark.parametrize("fail", FAILURES)
async def test_a_nullable_field_that_failed_is_null(fail: Any) -> None:
    root = {"tree": {"leaf": fail(), "leafRequired": "there"}}
    data, errors = await plainly(SDL, "{ tree { leaf leafRequired } }", lambda: root)
    assert data == {"tree": {"leaf": None, "leafRequired": "there"}}
    assert errors == [("failed", ["tree", "leaf"])]


@pytest.mark.parametrize("fail", FAILURES)
async def test_a_non_null_field_takes_its_parent_along(fail: Any) -> None:
    root = {"tree": {"leaf": "there", "leafRequired": fail()}}
    data, errors = await plainly(SDL, "{ tree { leaf leafRequired } }", lambda: root)
    assert data == {"tree": None}
    assert errors == [("failed", ["tree", "leafRequired"])]


@pytest.mark.parametrize("fail", FAILURES)
async def test_up_to_the_nearest_nullable_ancestor(fail: Any) -> None:
    tree = {"treeRequired": {"treeRequired": {"leafRequired": fail()}}}
    source = "{ tree { treeRequired { treeRequired { leafRequired } } } listTrees { leaf } }"
    data, errors = await plainly(SDL, source, lambda: {"tree": tree, "listTrees": [{"leaf": "a"}]})
    assert data == {"tree": None, "listTrees": [{"leaf": "a"}]}
    assert errors == [("failed", ["tree", "treeRequired", "treeRequired", "leafRequired"])]


@pytest.mark.parametrize("fail", FAILURES)
async def test_up_to_the_root(fail: Any) -> None:
    root = {"treeRequired": {"treeRequired": {"leafRequired": fail()}}}
    source = "{ treeRequired { treeRequired { leafRequired } } }"
    data, errors = await plainly(SDL, source, lambda: root)
    assert data is None
    assert errors == [("failed", ["treeRequired", "treeRequired", "leafRequired"])]


async def test_through_lists_of_lists() -> None:
    sdl = "type Query { rows: [[Row!]] all: [[Row!]!]! } type Row { x: Int! }"
    root = {"rows": [[{"x": 1}], [{"x": 2}, {"x": None}], []]}
    data, errors = await plainly(sdl, "{ rows { x } }", lambda: root)
    assert data == {"rows": [[{"x": 1}], None, []]}
    assert errors == [("Cannot return null for non-nullable field Row.x.", ["rows", 1, 1, "x"])]
    data, errors = await plainly(sdl, "{ all { x } }", lambda: {"all": root["rows"]})
    assert data is None
    assert errors == [("Cannot return null for non-nullable field Row.x.", ["all", 1, 1, "x"])]


async def test_each_item_of_a_list_fails_by_itself() -> None:
    sdl = "type Query { rows: [Row] } type Row { x: Int! y: Int }"
    rows = [{"x": 1, "y": failing()}, {"x": failing_later(), "y": 2}, {"x": 3, "y": 3}, None]
    data, errors = await plainly(sdl, "{ rows { x y } }", lambda: {"rows": rows})
    assert data == {"rows": [{"x": 1, "y": None}, None, {"x": 3, "y": 3}, None]}
    assert sorted(errors, key=str) == [("failed", ["rows", 0, "y"]), ("failed", ["rows", 1, "x"])]


async def test_under_aliases() -> None:
    sdl = "type Query { a: A } type A { x: Int! }"
    root = {"a": {"x": failing()}}
    data, errors = await plainly(sdl, "{ one: a { two: x } a { three: x } }", lambda: root)
    assert data == {"one": None, "a": None}
    assert errors == [("failed", ["one", "two"]), ("failed", ["a", "three"])]


async def test_one_of_many_siblings_is_named() -> None:
    sdl = "type Query { a: A } type A { x: Int! y: Int! z: Int! ok: Int }"
    root = {"a": {"x": failing_later("x"), "y": failing("y"), "z": failing_later("z"), "ok": 1}}
    data, errors = await plainly(sdl, "{ a { ok x y z } }", lambda: root)
    assert data == {"a": None}
    assert errors


async def test_a_nulled_parent_beside_a_parent_that_is_kept() -> None:
    """A second parent's children must not move into the place of a first parent that became null."""
    sdl = "type Query { as: [A] } type A { x: Int! b: B } type B { c: [C!] } type C { d: Int! }"
    rows = [
        {"x": None, "b": {"c": [{"d": 1}, {"d": 2}]}},
        {"x": 1, "b": {"c": [{"d": 3}, {"d": None}]}},
        {"x": 2, "b": None},
        {"x": 3, "b": {"c": [{"d": 5}]}},
        {"x": 4, "b": failing()},
    ]
    data, errors = await plainly(sdl, "{ as { x b { c { d } } } }", lambda: {"as": rows})
    assert data == {
        "as": [
            None,
            {"x": 1, "b": {"c": None}},
            {"x": 2, "b": None},
            {"x": 3, "b": {"c": [{"d": 5}]}},
            {"x": 4, "b": None},
        ]
    }
    assert len(errors) == 3


async def test_one_exception_at_many_places() -> None:
    """Executors share an exception among places; each place has its own path."""
    sdl = "type Query { a: A b: [A] } type A { x: Int y: Int! }"
    shared: list[Exception] = [
        ValueError("shared"),
        GraphQLError("shared", extensions={"code": "S"}),
    ]
    for error in shared:

        def fail(*_: Any, error: Exception = error) -> Any:
            raise error

        row = {"x": fail, "y": error}
        data, errors = await plainly(
            sdl, "{ a { x } b { x } c: b { x y } }", partial(dict, a=row, b=[row, row])
        )
        assert data == {"a": {"x": None}, "b": [{"x": None}, {"x": None}], "c": [None, None]}
        assert {str(path) for _, path in errors} >= {"['a', 'x']", "['b', 0, 'x']", "['b', 1, 'x']"}


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        KeyError("key"),
        AssertionError("no"),
        GraphQLError("own", extensions={"code": "OWN", "nested": {"a": [1]}}),
        StopIteration("stop"),
        TimeoutError("late"),
        type("Odd", (Exception,), {"__str__": lambda self: "odd", "extensions": {"code": "ODD"}})(),
    ],
    ids=repr,
)
async def test_each_kind_of_exception(error: Exception) -> None:
    def fail(*_: Any) -> Any:
        raise error

    sdl = "type Query { a: Int b: Int! c: [Int] d: A } type A { e: Int! f: Int }"
    root = {"a": fail, "b": 1, "c": [error, 1], "d": {"e": fail, "f": error}}
    data, errors = await plainly(sdl, "{ a b c d { f e } }", lambda: root)
    assert data == {"a": None, "b": 1, "c": [None, 1], "d": None}
    assert len(errors) >= 3


async def test_base_exceptions_are_not_for_clients() -> None:
    """What is no Exception, a cancellation as well, goes through."""

    async def cancelled(info: Any) -> Any:
        raise asyncio.CancelledError

    sdl = "type Query { a: Int }"
    with pytest.raises(asyncio.CancelledError):
        await plainly(sdl, "{ a }", lambda: {"a": cancelled})


async def test_errors_say_where() -> None:
    sdl = "type Query { a: A } type A { x: Int! }"
    source = "query Q {\n  a {\n    ...F\n    x\n  }\n}\nfragment F on A {\n  x\n}\n"
    result = await agreed(schema_of(sdl), source, root=lambda: {"a": {"x": failing()}})
    (error,) = result.errors or []
    assert [tuple(place) for place in error.locations or []] == [(8, 3), (4, 5)]
    assert error.formatted["path"] == ["a", "x"]


async def test_an_awaited_null_for_a_non_null_field() -> None:
    sdl = "type Query { a: A } type A { x: Int! y: Int }"
    rows = {"a": {"x": lambda _: Later(None), "y": lambda _: Later(None)}}
    data, errors = await plainly(sdl, "{ a { y x } }", lambda: rows)
    assert data == {"a": None}
    assert errors == [("Cannot return null for non-nullable field A.x.", ["a", "x"])]
