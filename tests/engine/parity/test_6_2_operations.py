"""Spec 6.2, executing operations: queries, and mutations in series."""

import asyncio
from typing import Any

import pytest

from tests.engine.parity.oracle import stock
from tests.engine.parity.plain import plainly
from tests.engine.parity.runs import agreed, engine_of
from tests.engine.parity.schema import World, schema

SERIES = [
    ('{ a: changeLater(name: "a") { log } b: change(name: "b") { log logLater } }', 1),
    (
        '{ b: change(name: "b") { logLater } a: changeLater(name: "a", turns: 5) { logLater log } }',
        1,
    ),
    ('{ a: change(name: "a") { log } x: fail { log } b: changeLater(name: "b") { log } }', 1),
    (
        '{ a: changeLater(name: "a") { log } x: failRequired { log } b: change(name: "b") { log } }',
        0,
    ),
    ('{ x: failRequired { log } y: failRequired { log } b: change(name: "b") { log } }', 0),
    ('{ a: changeLater(name: "a") { fails } b: change(name: "b") { logLater } }', 1),
    ('{ a: change(name: "a") { fails } b: change(name: "b") { logLater } }', 0),
    ('{ n: never { log } a: change(name: "a") { log } }', 1),
    ("{ a: change { character { friends { id } } } b: changeLater { character { title } } }", 1),
    ("{ __typename a: change { __typename log } t: __typename }", 1),
    (
        '{ ...F a: change(name: "a") { log } } fragment F on Mutation { b: change(name: "b") { log } }',
        1,
    ),
    (
        '{ a: change(name: "a") { name } b: change(name: "b") { name } a: change(name: "a") { log } }',
        1,
    ),
]


@pytest.mark.parametrize(("selections", "succeeds"), SERIES)
async def test_mutations_are_serial(selections: str, succeeds: int) -> None:
    """Each one begins when the one before it, and all that is selected of it, is done."""
    result = await agreed(schema, f"mutation {selections}", context=World)
    assert (result.data is not None) == bool(succeeds)


@pytest.mark.parametrize(("selections", "succeeds"), SERIES)
async def test_mutations_happen_equally_often_and_in_equal_order(
    selections: str, succeeds: int
) -> None:
    """What comes after one that failed and took the whole result along is not executed."""
    stock_world, our_world = World(), World()
    source = f"mutation {selections}"
    await stock(schema, source, context_value=stock_world)
    await engine_of(schema).execute(source, context=our_world)
    assert our_world.log == stock_world.log


async def test_order_of_mutations_exactly() -> None:
    world = World()
    source = 'mutation { a: changeLater(name: "a") { logLater } b: change(name: "b") { log } }'
    result = await engine_of(schema).execute(source, context=world)
    read = ["a begins", "a ends", "a read"]
    assert result.data == {"a": {"logLater": read}, "b": {"log": [*read, "b"]}}


async def test_mutations_in_many_worlds() -> None:
    source = """mutation {
        a: change(name: "a") { name log } b: changeLater(name: "b") { name logLater }
        c: change(name: "c") { logLater character { name } } d: changeLater(name: "d") { log }
    }"""
    for seed in range(12):

        def world(seed: int = seed) -> World:
            return World(seed, 150)

        await agreed(schema, source, context=world)


async def test_fields_of_a_query_are_concurrent() -> None:
    """Each waits for all others to have begun."""

    def root() -> dict[str, Any]:
        barrier = asyncio.Barrier(6)

        async def meet(info: Any) -> int:
            return await asyncio.wait_for(barrier.wait(), 10) * 0

        row = {"a": meet, "b": meet}
        return {"rows": [row, row], "a": meet, "b": meet}

    sdl = "type Query { a: Int b: Int rows: [Row] } type Row { a: Int b: Int }"
    zeros = {"a": 0, "b": 0}
    assert await plainly(sdl, "{ a rows { a b } b }", root) == ({"rows": [zeros] * 2} | zeros, [])
