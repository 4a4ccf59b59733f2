"""Spec 6.4, executing fields: their arguments and how their values are resolved."""

import asyncio
import types
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import pytest
from graphql import build_schema

from tests.engine.parity.plain import Later, plainly, told
from tests.engine.parity.runs import agreed


class Row(NamedTuple):
    x: int
    y: Any = None


class Properties:
    @property
    def x(self) -> int:
        return 1

    @property
    def y(self) -> int:
        raise ValueError("the property failed")


class Slots:
    __slots__ = ("x", "y")

    def __init__(self) -> None:
        self.x = 1


class Methods:
    def x(self, info: Any) -> str:
        return f"{info.field_name} of {type(self).__name__}"

    async def y(self, info: Any) -> str:
        await asyncio.sleep(0)
        return str(info.path.as_list())


class Callables:
    x = staticmethod(lambda info: 1)
    y = partial(lambda one, info: one, 2)


class Falsy:
    """An object that is false, and has nothing that it is asked for."""

    def __bool__(self) -> bool:
        return False


SOURCES: dict[str, Callable[[], Any]] = {
    "dict": lambda: {"x": 1, "y": None},
    "empty dict": dict,
    "ordered dict": lambda: OrderedDict(y=1, x=2),
    "mapping": lambda: types.MappingProxyType({"x": 1}),
    "namedtuple": lambda: Row(1, 2),
    "namespace": lambda: types.SimpleNamespace(x=1),
    "properties": Properties,
    "slots": Slots,
    "methods": Methods,
    "callables": Callables,
    "falsy": Falsy,
    "number": lambda: 0,
    "text": lambda: "",
    "false": lambda: False,
    "class": lambda: Callables,
    "awaitable": lambda: Later({"x": 1, "y": Later(2)}),
    "awaitable of null": Later,
    "resolver": lambda: lambda info: {"x": lambda info: 3},
    "resolver of an awaitable": lambda: lambda info: Later({"x": lambda info: Later(3)}),
    "null": lambda: None,
}


@pytest.mark.parametrize("name", SOURCES)
async def test_default_resolvers(name: str) -> None:
    sdl = "type Query { a: A b: [A] } type A { x: String y: String }"
    make = SOURCES[name]
    await plainly(sdl, "{ a { x y } b { y x } }", lambda: {"a": make(), "b": [make(), make()]})


async def test_all_kinds_of_sources_in_one_list() -> None:
    sdl = "type Query { b: [A] c: [A!]! } type A { x: String y: String a: A }"

    def root() -> dict[str, Any]:
        return {name: [make() for make in SOURCES.values()] for name in "bc"}

    await plainly(sdl, "{ b { y x a { x } } }", root)
    await plainly(sdl, "{ c { x } }", root)


@pytest.mark.parametrize("name", SOURCES)
async def test_each_kind_of_root(name: str) -> None:
    if not name.startswith(("awaitable", "resolver")):
        await plainly("type Query { x: String y: String }", "{ x y __typename }", SOURCES[name])


async def test_arguments_reach_a_callable() -> None:
    def f(info: Any, **arguments: Any) -> str:
        return f"{info.field_name} {sorted(arguments.items())}"

    sdl = "type Query { f(a: Int = 1, b: [String] = [], c: Int, d: Int = null): String }"
    source = (
        "query ($v: Int) { f g: f(a: null) h: f(b: null, c: 2) i: f(c: $v) j: f(a: $v, d: $v) }"
    )
    data, errors = await plainly(sdl, source, lambda: {"f": f})
    assert errors == []
    assert data["f"] == "f [('a', 1), ('b', []), ('d', None)]"
    await plainly(sdl, source, lambda: {"f": f}, variables={"v": None})
    await plainly(sdl, source, lambda: {"f": f}, variables={"v": 4})


async def test_names_of_arguments_in_python() -> None:
    schema = build_schema("type Query { f(self: Int, class: Int = 2, info: Int): String }")
    field = schema.query_type.fields["f"]  # type: ignore[union-attr]
    for name, argument in field.args.items():
        argument.out_name = f"{name}_"
    field.resolve = lambda source, info, **arguments: repr(arguments)
    result = await agreed(schema, "{ f(self: 1, info: 3) }")
    assert result.data == {"f": "{'self_': 1, 'class_': 2, 'info_': 3}"}


async def test_a_resolver_that_does_not_take_its_arguments() -> None:
    sdl = "type Query { f(a: Int): String g: String h: String! }"
    root = {"f": lambda info: "f", "g": lambda: "g", "h": "h"}
    data, errors = await plainly(sdl, "{ f(a: 1) g h }", lambda: root)
    assert data == {"f": None, "g": None, "h": "h"}
    assert [path for _, path in errors] == [["f"], ["g"]]


async def test_what_a_resolver_is_told() -> None:
    """Everything of the info that a resolver of graphql-core may use."""

    def f(source: Any, info: Any, **_: Any) -> str:
        told = (
            info.field_name,
            len(info.field_nodes),
            str(info.return_type),
            str(info.parent_type),
            info.path.as_list(),
            [key.typename for key in keys(info.path)],
            sorted(info.fragments),
            info.root_value is not None,
            info.operation.name.value,
            info.variable_values.coerced,
            info.context,
            info.is_awaitable(Later()),
            info.schema.query_type is not None,
        )
        return repr(told)

    def keys(path: Any) -> list[Any]:
        return [] if path is None else [*keys(path.prev), path]

    schema = build_schema("type Query { a: [[A!]] f: String! } type A { f(x: Int): String! a: A }")
    for name in ("Query", "A"):
        schema.type_map[name].fields["f"].resolve = f  # type: ignore[attr-defined]
    source = """query Q($v: Int = 1, $absent: Int) {
        a { g: f(x: $v) a { f } ...F } a { a { f h: f(x: $absent) } } f
    }
    fragment F on A { a { f } f(x: $absent) }"""
    rows: list[Any] = [[{"a": {}}, {"a": None}], None, [{"a": {}}]]
    result = await agreed(schema, source, root=lambda: {"a": rows}, context=lambda: "context")
    assert result.errors is None


async def test_each_resolver_is_called_once_per_object() -> None:
    """Under interfaces, recursion and merged fragments, where a split by type could repeat work."""
    schema = build_schema(
        """
        interface I { next: [I] x: Int }
        type A implements I { next: [I] x: Int a: Int }
        type B implements I { next: [I] x: Int b: Int }
        type C implements I { next: [I] x: Int c: Int }
        type Query { start: [I] }
        """
    )
    calls: list[str] = []

    def following(source: Any, info: Any) -> Any:
        calls.append(".".join(map(str, info.path.as_list())))
        return [{"__typename": kind} for kind in "ABC"] if len(calls) < 10_000 else 1 / 0

    for name in "ABC":
        schema.type_map[name].fields["next"].resolve = following  # type: ignore[attr-defined]
    level = "... on A {{ next {{ {0} }} }} ... on B {{ next {{ {0} }} }} ... on I {{ x next {{ {0} }} }}"
    source = "__typename"
    for depth in range(6):
        # Validation compares the selections pairwise: a split on each level would take it long.
        source = level.format(source) if depth < 2 else f"next {{ {source} __typename }}"
    root = {"start": [{"__typename": "A"}, {"__typename": "B"}]}
    result = await agreed(schema, f"{{ start {{ {source} }} }}", root=lambda: root)
    assert result.errors is None
    once = calls[: len(calls) // 4]
    assert len(set(once)) == len(once) == sum(2 * 3**depth for depth in range(6))
    assert sorted(calls) == sorted(once * 4)


async def test_a_value_that_awaits_twice() -> None:
    """What an awaitable gives is completed as it is: an awaitable of an awaitable is no value."""
    sdl = "type Query { a: Int b: [Int] c: A } type A { x: Int }"
    root = {"a": Later(Later(1)), "b": Later([Later(1)]), "c": Later(Later({"x": 1}))}
    await plainly(sdl, "{ a b c { x } }", lambda: root)


async def test_tasks_and_futures_are_awaited() -> None:
    def root() -> dict[str, Any]:
        future = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(future.set_result, 2)
        return {"a": asyncio.ensure_future(asyncio.sleep(0, 1)), "b": [future, 3], "c": future}

    sdl = "type Query { a: Int b: [Int] c: Int }"
    assert await plainly(sdl, "{ a b c }", root) == ({"a": 1, "b": [2, 3], "c": 2}, [])


LEAVES: list[tuple[str, list[Any]]] = [
    ("Int", [0, -1, True, 1.0, 1.5, "1", "x", "", 2**31, -(2**31) - 1, None, [], {}, 1e100]),
    ("Float", [0, 1.5, True, "1.5", "", "x", float("nan"), float("inf"), 10**400, None, [], -0.0]),
    ("String", ["", "a", 1, 1.0, 1.5, True, None, [], {}, b"bytes", object]),
    ("Boolean", [True, False, 0, 1, 2, 0.0, 1.5, "true", "", None, [], float("nan")]),
    ("ID", ["", "a", 1, 1.0, 1.5, True, None, [], {}, b"bytes"]),
    ("Color", ["RED", "red", 1, None, [], {}, object]),
    ("Any", [1, "a", None, [1, None], {"b": 1, "a": [2]}, object, True, 1.5]),
]


@pytest.mark.parametrize(("type_", "values"), LEAVES, ids=[type_ for type_, _ in LEAVES])
async def test_leaves(type_: str, values: list[Any]) -> None:
    sdl = f"enum Color {{ RED }} scalar Any type Query {{ v: [{type_}] r: [R] }} type R {{ v: {type_}! }}"
    await plainly(sdl, "{ v }", lambda: {"v": values})
    await plainly(sdl, "{ r { v } }", lambda: {"r": [{"v": value} for value in values]})


async def test_scalars_of_ones_own() -> None:
    """Serialising may fail, give null, or give what is not a leaf."""
    schema = build_schema("scalar S type Query { v: [S] w: [R] } type R { s: S! t: S }")
    outcomes = {"null": None, "nested": {"a": (1, 2)}, "zero": 0}

    def serialize(value: str) -> Any:
        return outcomes[value]

    scalar: Any = schema.type_map["S"]
    scalar.serialize = scalar.coerce_output_value = serialize
    values = ["null", "nested", "zero", "missing", None]
    rows = [{"s": value, "t": value} for value in values]
    found, errors = told(
        await agreed(schema, "{ v w { t s } }", root=lambda: {"v": values, "w": rows})
    )
    assert found["v"] == [None, {"a": (1, 2)}, 0, None, None]
    assert found["w"][1] == {"t": {"a": (1, 2)}, "s": {"a": (1, 2)}}
    assert found["w"][0] is found["w"][3] is found["w"][4] is None
    assert len(errors) >= 5
