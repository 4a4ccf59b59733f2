"""Spec 6.4.3, value completion of lists, and 6.4.4, of what is null in them: each type with each value.

All values stand beside each other in the rows of one list as well, where a breadth-first executor
completes them together.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import product
from typing import Any

import pytest
from graphql import GraphQLError

from tests.engine.parity.plain import Later, failing, failing_later, plainly

Make = Callable[[], Any]


def generated(*items: Any, error: Exception | None = None) -> Iterator[Any]:
    yield from items
    if error is not None:
        raise error


async def streamed(*items: Any, error: Exception | None = None) -> AsyncIterator[Any]:
    for item in items:
        await asyncio.sleep(0)
        yield item
    if error is not None:
        raise error


class Iterable:
    """Iterable, and nothing else."""

    def __iter__(self) -> Iterator[int]:
        return iter([1, 2])


FLAT: dict[str, Make] = {
    "null": lambda: None,
    "empty": list,
    "items": lambda: [1, 2],
    "a null": lambda: [1, None, 2],
    "only nulls": lambda: [None, None],
    "a wrong item": lambda: [1, "x", 2],
    "two wrong items": lambda: ["x", {}],
    "an exception": lambda: [1, ValueError("bad item"), 2],
    "two exceptions": lambda: [GraphQLError("first"), ValueError("second")],
    "a boolean": lambda: [True, 1.0],
    "tuple": lambda: (1, None),
    "set": lambda: {1},
    "generator": lambda: generated(1, None),
    "failing generator": lambda: generated(1, 2, error=ValueError("generator failed")),
    "iterable": Iterable,
    "mapping": lambda: {"a": 1},
    "text": lambda: "12",
    "bytes": lambda: b"12",
    "number": lambda: 1,
    "awaited": lambda: Later([1, None]),
    "awaited null": lambda: Later(None),
    "awaited items": lambda: [Later(1), 2, Later(None)],
    "awaited failures": lambda: [Later(error=ValueError("one")), 2, Later(error=ValueError("two"))],
    "awaited wrong item": lambda: [1, Later("x")],
    "awaited exception": lambda: [1, Later(ValueError("bad item"))],
    "stream": lambda: streamed(1, None, 2),
    "empty stream": streamed,
    "failing stream": lambda: streamed(1, error=ValueError("stream failed")),
    "failing stream of errors": lambda: streamed("x", error=ValueError("stream failed")),
    "stream of awaitables": lambda: streamed(Later(1), 2),
    "resolver": lambda: lambda info: [1, None],
    "asynchronous resolver": lambda: lambda info: Later([1, None]),
    "failing resolver": failing,
    "failing asynchronous resolver": failing_later,
    "exception itself": lambda: ValueError("returned"),
    "awaited exception itself": lambda: Later(ValueError("returned")),
}
INNER = [
    "null",
    "empty",
    "a null",
    "a wrong item",
    "two exceptions",
    "number",
    "generator",
    "awaited",
    "awaited items",
    "awaited failures",
    "stream",
    "exception itself",
]
NESTED: dict[str, Make] = {
    f"{one} and {other}": lambda one=one, other=other: [FLAT[one](), FLAT[other]()]
    for one, other in product(INNER, ["items", "a null", "null"])
} | {name: FLAT[name] for name in ("null", "empty", "items", "failing resolver", "stream")}
DEEP: dict[str, Make] = {
    f"[{name}]": lambda make=make: [make(), [[1], [2]]]  # type: ignore[misc]
    for name, make in NESTED.items()
}


def types(depth: int) -> list[str]:
    """Every type of lists of Int in lists, with every nullability."""
    if depth == 0:
        return ["Int", "Int!"]
    return [f"[{item}]{mark}" for item in types(depth - 1) for mark in ("", "!")]


CASES = [
    (type_, values)
    for depth, values in ((1, FLAT), (2, NESTED), (3, DEEP))
    for type_ in types(depth)
]


def sdl(type_: str) -> str:
    return f"""
    type Query {{ v: {type_} rows: [Row] required: [Row!] rowOrNull: Row rowsInRows: [[Row!]]! }}
    type Row {{ v: {type_} after: Int }}
    """


SHALLOW = [case for case in CASES if case[1] is not DEEP]


@pytest.mark.parametrize(("type_", "values"), SHALLOW, ids=[type_ for type_, _ in SHALLOW])
async def test_each_value(type_: str, values: dict[str, Make]) -> None:
    for make in values.values():
        await plainly(sdl(type_), "{ v }", lambda make=make: {"v": make()})  # type: ignore[misc]


@pytest.mark.parametrize(("type_", "values"), CASES, ids=[type_ for type_, _ in CASES])
async def test_all_values_beside_each_other(type_: str, values: dict[str, Make]) -> None:
    def rows() -> list[dict[str, Any]]:
        return [{"v": make(), "after": index} for index, make in enumerate(values.values())]

    def root() -> dict[str, Any]:
        good = [{"v": None, "after": 1}, {"v": [], "after": 2}]
        return {"rows": rows(), "required": rows(), "rowsInRows": [rows(), good, None]}

    await plainly(sdl(type_), "{ rows { v after } }", root)
    await plainly(sdl(type_), "{ required { after v } }", root)
    await plainly(sdl(type_), "{ rowsInRows { v after } rows { v } }", root)


EXACT = [
    ("[Int]", [1, None, 2], {"v": [1, None, 2]}, []),
    ("[Int]!", None, None, [["v"]]),
    ("[Int!]", [1, None, 2], {"v": None}, [["v", 1]]),
    ("[Int!]!", [1, None, 2], None, [["v", 1]]),
    ("[[Int!]!]", [[1], [2, None]], {"v": None}, [["v", 1, 1]]),
    ("[[Int!]]", [[1], [2, None]], {"v": [[1], None]}, [["v", 1, 1]]),
    ("[[Int]!]", [[None], None], {"v": None}, [["v", 1]]),
    ("[[[Int!]!]]!", [[[1]], [[2], [None]]], {"v": [[[1]], None]}, [["v", 1, 1, 0]]),
]


@pytest.mark.parametrize(("type_", "value", "data", "paths"), EXACT)
async def test_exactly(type_: str, value: Any, data: Any, paths: list[list[str | int]]) -> None:
    found, errors = await plainly(sdl(type_), "{ v }", lambda: {"v": value})
    message = "Cannot return null for non-nullable field Query.v."
    assert (found, errors) == (data, [(message, path) for path in paths])
