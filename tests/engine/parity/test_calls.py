"""Which resolvers are called, how often, and in which batches: never more often than under stock."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from graphql import build_schema

from tests.engine.parity.comparison import Path, home_of
from tests.engine.parity.oracle import possible, stock
from tests.engine.parity.runs import agreed, engine_of
from tests.engine.parity.schema import World, schema
from tests.engine.parity.test_strawberry import DOCUMENTS
from tests.waiting import until

COUNTED = ["lists", "characters", "things", "guarded", "places"]


def kept(calls: Counter[Path], data: Any) -> set[Path]:
    """The calls whose results have a place in the data."""
    return {path for path in calls if home_of(path, data) == path}


@pytest.mark.parametrize("mishaps", [0, 60, 300])
@pytest.mark.parametrize("name", COUNTED)
async def test_once_for_each_object(name: str, mishaps: int) -> None:
    """Below what became null, either may leave out some that the other calls."""
    for seed in range(4):
        theirs, all_, ours = (World(seed, mishaps) for _ in range(3))
        source = DOCUMENTS[name]
        result = await stock(schema, source, context_value=theirs, root_value="root")
        await possible(schema, source, context_value=all_, root_value="root")
        await engine_of(schema).execute(source, context=ours, root="root")
        assert set(ours.calls.values()) <= {1}
        assert kept(ours.calls, result.data) == kept(theirs.calls, result.data)
        assert ours.calls <= all_.calls


async def test_nothing_below_a_denied_field_is_called() -> None:
    ours = World()
    await engine_of(schema).execute(
        "{ guarded { children { sync children { sync } } } }", context=ours
    )
    parents = {path[1] for path in ours.calls if path[-1] == "sync"}
    assert parents == {1, 3}
    assert all(path[3] in (0, 1) for path in ours.calls if len(path) > 3)
    # The children of 1 are 2 and 3; of these, 3 may show its children.
    assert ("guarded", 1, "children", 1, "children", 0, "sync") in ours.calls
    assert ("guarded", 1, "children", 0, "children", 0, "sync") not in ours.calls


LOADING = """{ items(first: 5) {
    next { next { number } some { number } } nextAwaitable { number }
    nextOfStrawberry { nextOfStrawberry { number } }
    related { related { number } } myself { next { number } } other: next { number }
} }"""


async def test_loaders_batch_as_under_stock_execution() -> None:
    theirs, ours = World(), World()
    await stock(schema, LOADING, context_value=theirs)
    await engine_of(schema).execute(LOADING, context=ours)
    assert len(ours.batches) <= len(theirs.batches)
    for name in ("items", "strawberry items"):
        keys = sorted(key for kind, batch in ours.batches if kind == name for key in batch)
        assert keys == sorted(
            key for kind, batch in theirs.batches if kind == name for key in batch
        )
        assert len(keys) == len(set(keys))


async def test_batches_exactly() -> None:
    world = World()
    source = "{ items(first: 3) { next { next { number } } } }"
    await engine_of(schema).execute(source, context=world)
    assert world.batches == [("items", (0, 1, 2)), ("items", (3,)), ("items", (4,))]


async def test_siblings_of_one_level_share_a_batch() -> None:
    world = World()
    fields = "next { number } some { number } related { number } nextRequired { number }"
    source = f"{{ items(first: 3) {{ {fields} }} }}"
    await engine_of(schema).execute(source, context=world)
    (first, second) = world.batches
    assert first == ("items", (0, 1, 2))
    assert sorted(second[1]) == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("count", "field", "message"),
    [
        (1, "tooMany", "Miscounted.tooMany gave 2 results for 1 parents."),
        (1, "tooFew", "Miscounted.tooFew gave 0 results for 1 parents."),
        (3, "tooMany", "Miscounted.tooMany gave 4 results for 3 parents."),
        (3, "tooFew", "Miscounted.tooFew gave 2 results for 3 parents."),
        (3, "tooFewRequired", "Miscounted.tooFewRequired gave 2 results for 3 parents."),
    ],
)
async def test_a_batch_of_a_wrong_size_fails_for_all_parents(
    count: int, field: str, message: str
) -> None:
    source = f"{{ miscounted(count: {count}) {{ number {field} }} }}"
    result = await engine_of(schema).execute(source, context=World())
    errors = result.errors or []
    assert {error.message for error in errors} == {message}
    if field == "tooFewRequired":
        assert result.data is None
    else:
        assert result.data == {"miscounted": [{"number": n, field: None} for n in range(count)]}
        assert [error.path for error in errors] == [["miscounted", n, field] for n in range(count)]
    if count == 1:
        await agreed(schema, source, context=World)


async def test_requests_do_not_share_anything() -> None:
    """Operations that run at the same time, in worlds of their own, on one plan."""
    source = """query ($number: Int!) {
        character(number: $number) { id rival { id } allies { id } } item { number }
    }"""

    async def run(number: int) -> Any:
        world = World(number)
        variables = {"number": number}
        ours = await engine_of(schema).execute(source, variables, context=world)
        expected = await stock(
            schema, source, variable_values=variables, context_value=World(number)
        )
        return ours.data == expected.data and ours.errors == expected.errors

    assert all(await asyncio.gather(*(run(number) for number in range(12))))


SLOW = build_schema("type Query { a: Int b: B! } type B { c: Int d: Int! }")


async def test_a_cancelled_operation_cancels_its_resolvers() -> None:
    begun, ended = [], []

    async def wait(info: Any) -> None:
        begun.append(info.field_name)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(info.field_name)

    root = {"a": wait, "b": {"c": wait, "d": wait}}
    task = asyncio.create_task(engine_of(SLOW).execute("{ a b { c d } }", root=root))
    await until(lambda: len(begun) == 3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: len(ended) == 3)
    assert sorted(begun) == sorted(ended) == ["a", "c", "d"]
