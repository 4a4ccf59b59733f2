"""Fields that are mere stages to others: what is prepared of their arguments, and what they open."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import strawberry
from strawberry.permission import BasePermission

from engine import Call, Engine, batched
from engine.run import Run
from engine.tracer import Trace

PREPARED: list[tuple[int, str]] = []


class Denied(BasePermission):
    message = "You may not."

    def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:
        return False


def prepare(first: int = 1, word: str = "") -> str:
    PREPARED.append((first, word))
    if first < 0:
        raise ValueError("first is below 0")
    return f"{first}{word}"


def stages(parents: Sequence[Any], call: Call, prepared: str) -> list["Stage"]:
    return [Stage(prepared=prepared)] * len(parents)


def lengths(parents: Sequence["Stage"], call: Call) -> list[int]:
    return [len(parent.prepared) for parent in parents]


@strawberry.type
class Stage:
    prepared: str
    length: int = batched(lengths)
    other: int = batched(lengths)


@strawberry.type
class Thing:
    name: str
    stage: Stage = batched(stages, prepare=prepare, typed=True)
    denied: Stage | None = batched(stages, prepare=prepare, typed=True, permission_classes=[Denied])


@strawberry.type
class Query:
    @strawberry.field
    def things(self) -> list[Thing]:
        return [Thing(name="a"), Thing(name="b")]


SCHEMA = strawberry.Schema(Query)


@pytest.fixture
def ask() -> Iterator[Callable[..., Any]]:
    PREPARED.clear()
    engine = Engine(SCHEMA)

    async def asked(source: str, **variables: Any) -> Any:
        result = await engine.execute(source, variables)
        return [error.message for error in result.errors or ()] or result.data

    yield asked
    PREPARED.clear()


SOURCE = (
    "query ($first: Int, $word: String) { things { stage(first: $first, word: $word) { length } } }"
)


async def test_arguments_are_prepared_once_for_the_same_values(ask: Callable[..., Any]) -> None:
    for first, length in ((12, 2), (345, 3), (12, 2)):
        things = [{"stage": {"length": length}}] * 2
        assert await ask(SOURCE, first=first) == {"things": things}
    assert PREPARED == [(12, ""), (345, "")]


async def test_long_values_are_prepared_each_time(ask: Callable[..., Any]) -> None:
    for _ in range(2):
        things = [{"stage": {"length": 201}}] * 2
        assert await ask(SOURCE, first=1, word="x" * 200) == {"things": things}
    assert PREPARED == [(1, "x" * 200)] * 2


async def test_what_cannot_be_prepared_fails_for_each_object(ask: Callable[..., Any]) -> None:
    for _ in range(2):
        assert await ask(SOURCE, first=-1) == ["first is below 0"]
    assert PREPARED == [(-1, "")] * 2


async def test_nothing_is_prepared_for_those_who_may_not(ask: Callable[..., Any]) -> None:
    assert await ask("{ things { denied(first: -1) { length } } }") == ["You may not."] * 2
    assert PREPARED == []


@pytest.mark.parametrize(
    ("selection", "opened"),
    [
        ("stage { length }", ["length"]),
        ("stage { __typename length again: length other }", ["length", "again", "other"]),
        ("stage { __typename }", []),
        ("stage { length prepared }", None),
        ("denied { length }", None),
    ],
)
async def test_what_opens(
    selection: str, opened: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[Run] = []
    execute = Run.execute

    async def noted(run: Run) -> Any:
        runs.append(run)
        return await execute(run)

    monkeypatch.setattr(Run, "execute", noted)
    trace = Trace()
    engine = Engine(SCHEMA, tracer=lambda _: trace)
    result = await engine.execute(f"{{ things {{ {selection} }} }}")
    # It takes no second look unless something failed.
    assert trace.replayed is (result.errors is not None)
    (things,) = runs[0].plan.root.columns
    assert things.unit is not None
    stage, *rest = things.unit.columns
    assert stage.opened == (None if opened is None else rest)
    assert opened is None or [each.key for each in rest] == opened
    assert things.unit.first == [stage]
