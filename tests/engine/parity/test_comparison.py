"""The comparison itself: it takes what must be equal for equal, and finds each difference."""

from collections import Counter
from typing import Any

import pytest
from graphql import ExecutionResult, GraphQLError, Source

from tests.engine.parity.comparison import Path, Possible, differences, failures, same

NONE = Possible(Counter(), frozenset())


def error(path: Path | None, message: str = "no", **extensions: Any) -> GraphQLError:
    return GraphQLError(message, path=path and list(path), extensions=extensions)


def result(data: Any, *errors: GraphQLError) -> ExecutionResult:
    return ExecutionResult(data, list(errors))


def can_fail(*errors: GraphQLError, non_null: tuple[Path, ...] = ()) -> Possible:
    return Possible(failures(result(None, *errors)), frozenset(non_null))


@pytest.mark.parametrize(
    ("stock", "ours"),
    [
        ({"a": 1}, {"a": True}),
        ({"a": 1}, {"a": 1.0}),
        ({"a": 1}, {"a": "1"}),
        ({"a": 1}, {"a": None}),
        ({"a": 1}, None),
        ({"a": 1}, {}),
        ({"a": 1}, {"a": 1, "b": None}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": [1, 2]}, {"a": [1]}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": [1]}, {"a": (1,)}),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}),
        ({"a": 0.0}, {"a": -0.0}),
    ],
)
def test_data_differs(stock: Any, ours: Any) -> None:
    assert not same(result(stock), result(ours), NONE)
    assert not same(result(ours), result(stock), NONE)


@pytest.mark.parametrize("data", [None, {}, {"a": [1, 1.5, "x", None, True, {"b": []}]}])
def test_equal_data(data: Any) -> None:
    assert differences(result(data), result(data), NONE) == []


def test_errors_in_any_order() -> None:
    both = error(("a",)), error(("b",))
    data = {"a": None, "b": None}
    assert same(result(data, *both), result(data, *reversed(both)), can_fail(*both))


@pytest.mark.parametrize(
    "ours",
    [
        [],
        [error(("b",))],
        [error(("a",), "other")],
        [error(("a",), code="FORBIDDEN")],
        [error(("a",)), error(("a",))],
        [error(("a",)), error(("b",))],
        [error(None)],
    ],
)
def test_error_differs(ours: list[GraphQLError]) -> None:
    only = error(("a",))
    data = {"a": None, "b": None}
    assert not same(result(data, only), result(data, *ours), can_fail(only))


def test_location_differs() -> None:
    def at(column: int) -> GraphQLError:
        return GraphQLError("no", path=["a"], source=Source("{ a }"), positions=[column - 1])

    data = {"a": None}
    assert same(result(data, at(3)), result(data, at(3)), can_fail(at(3)))
    assert not same(result(data, at(3)), result(data, at(1)), can_fail(at(3)))


def test_request_errors_are_all_named() -> None:
    both = error(None, "one"), error(None, "two")
    assert same(result(None, *both), result(None, *both), can_fail(*both))
    assert not same(result(None, *both), result(None, both[0]), can_fail(*both))


class TestUnderOneNulledAncestor:
    """{ a { x y z } } where x and y are non-null, z is nullable, and all three fail."""

    x, y, z = error(("a", "x")), error(("a", "y")), error(("a", "z"))
    failing = can_fail(x, y, z, non_null=(("a", "x"), ("a", "y")))

    @pytest.mark.parametrize("ours", [[x], [y], [x, y], [z, x], [z, y], [x, y, z]])
    def test_any_cause_will_do(self, ours: list[GraphQLError]) -> None:
        assert same(result({"a": None}, self.x), result({"a": None}, *ours), self.failing)

    @pytest.mark.parametrize(
        "ours", [[], [z], [error(("a",))], [x, x], [x, error(("a", "w"))], [error(("a", "x"), "?")]]
    )
    def test_anything_else_will_not(self, ours: list[GraphQLError]) -> None:
        assert not same(result({"a": None}, self.x), result({"a": None}, *ours), self.failing)

    def test_each_home_needs_its_own_cause(self) -> None:
        one, two = error(("l", 0, "x")), error(("l", 1, "x"))
        data = {"l": [None, None]}
        failing = can_fail(one, two, non_null=(("l", 0, "x"), ("l", 1, "x")))
        assert same(result(data, one, two), result(data, two, one), failing)
        assert not same(result(data, one, two), result(data, one), failing)

    def test_up_to_the_root(self) -> None:
        deep = error(("a", 0, "x"))
        chain = ("a",), ("a", 0), ("a", 0, "x")
        assert same(result(None, deep), result(None, deep), can_fail(deep, non_null=chain))
        assert not same(result(None, deep), result(None), can_fail(deep, non_null=chain))
