"""What the engine itself decides before anything runs."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from enum import Enum
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.extensions import AddValidationRules, MaskErrors
from strawberry.schema.config import StrawberryConfig

from engine import Call, Engine, Limits, batched
from engine.aside import LONGEST_AT_ONCE


@strawberry.type
class Query:
    calls: int = 0

    @strawberry.field
    def sum(self, of: list[int]) -> int:
        Query.calls += 1
        return sum(of)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def sums(self, of: list[int]) -> AsyncIterator[int]:
        Query.calls += 1
        yield sum(of)


ENGINE = Engine(strawberry.Schema(Query, subscription=Subscription), Limits(variable_values=3))
QUERY = "query ($of: [Int!]!) { sum(of: $of) }"
SUBSCRIPTION = "subscription ($of: [Int!]!) { sums(of: $of) }"
REFUSAL = {"code": "VARIABLE_VALUE_LIMIT_EXCEEDED", "limit": 3, "actual": 4}


async def test_variables_up_to_the_limit_are_taken() -> None:
    result = await ENGINE.execute(QUERY, {"of": [1, 2]})
    assert (result.data, result.errors) == ({"sum": 3}, None)


async def test_more_variables_are_refused_before_they_are_read() -> None:
    before = Query.calls
    for variables in ({"of": [1, 2, 3]}, {"of": ["no number"] * 1_000}):
        result = await ENGINE.execute(QUERY, variables)
        assert result.data is None
        assert [error.extensions for error in result.errors or ()] == [REFUSAL]
    assert Query.calls == before


async def test_more_variables_are_refused_to_a_subscription() -> None:
    before = Query.calls
    [result] = [each async for each in await ENGINE.subscribe(SUBSCRIPTION, {"of": [1, 2, 3]})]
    assert [error.extensions for error in result.errors or ()] == [REFUSAL]
    assert Query.calls == before


def test_a_schema_with_extensions_is_refused() -> None:
    schema = strawberry.Schema(Query, extensions=[MaskErrors, lambda: AddValidationRules([])])
    with pytest.raises(ValueError, match="does not run: MaskErrors, <lambda>"):
        Engine(schema)
    assert Engine(schema, ignore_extensions=True).schema is schema._schema


class Telling(strawberry.Schema):
    """A schema that collects what it is told of."""

    told: list[str]

    def process_errors(self, errors: list[GraphQLError], *_: object) -> None:
        self.told = [error.message for error in errors]


@pytest.mark.parametrize("source", ["{ sum(of: 1.5) }", "{ sum(of: [9999999999]) }", "{ summ }"])
async def test_the_schema_is_told_of_errors_as_under_stock_execution(source: str) -> None:
    config = StrawberryConfig(disable_field_suggestions=True)
    schema = Telling(Query, config=config)
    result = await Engine(schema).execute(source)
    messages = [error.message for error in result.errors or ()]
    assert schema.told == messages
    stock = await schema.execute(source)
    assert messages == [error.message for error in stock.errors or ()] == schema.told


async def test_the_schema_is_not_told_of_success() -> None:
    schema = Telling(Query)
    await Engine(schema).execute("{ sum(of: [1]) }")
    assert not hasattr(schema, "told")


@strawberry.enum
class Letter(Enum):
    A = "a"
    B = "b"


@strawberry.type
class Choices:
    @strawberry.field
    def shown(self, id: strawberry.ID | None = None, letter: Letter | None = None) -> str:
        return f"{id!r} {letter}"


CHOICES = Engine(strawberry.Schema(Choices))
SHOWN = "query A($id: ID, $letter: Letter) { shown(id: $id, letter: $letter) } query B { b: shown }"


async def test_equal_variables_of_other_types_are_others() -> None:
    """A choice that is remembered is that of the very same values."""
    for _ in range(2):
        long = "x" * 1_000
        for given, shown in ((1, "'1'"), ("1", "'1'"), (None, "None"), (long, f"'{long}'")):
            result = await CHOICES.execute(SHOWN, {"id": given}, "A")
            assert (result.data, result.errors) == ({"shown": f"{shown} None"}, None)
        result = await CHOICES.execute(SHOWN, {"id": True}, "A")
        assert [error.message for error in result.errors or ()] == [
            "Variable '$id' has invalid value: ID cannot represent value: True"
        ]


async def test_the_operation_and_enums_are_part_of_a_choice() -> None:
    for _ in range(2):
        for given in Letter:
            result = await CHOICES.execute(SHOWN, {"letter": given.name}, "A")
            assert result.data == {"shown": f"None {given}"}
        result = await CHOICES.execute(SHOWN, {"letter": "A"}, "B")
        assert result.data == {"b": "None None"}


async def test_what_is_too_expensive_is_refused_each_time() -> None:
    engine = Engine(strawberry.Schema(Choices), Limits(cost=0))
    for _ in range(2):
        result = await engine.execute(SHOWN, {"id": "1"}, "A")
        assert [(error.extensions or {})["code"] for error in result.errors or ()] == [
            "COST_LIMIT_EXCEEDED"
        ]


class World(strawberry.Info[Any, Any]):
    """Infos of a class of the schema's own."""

    @property
    def greeting(self) -> str:
        return f"{self.context} {self.path.key if self.path else None}"


def greet(parents: Sequence[object], call: Call) -> list[str]:
    info = call.info
    assert isinstance(info, World)
    assert info._raw_info.path == info.path
    return [f"{info.greeting} {info.field_name} {info.python_name}"] * len(parents)


@strawberry.type
class Greetings:
    first_one: str = batched(greet, reads=())


async def test_a_batched_field_knows_all_of_its_info() -> None:
    schema = strawberry.Schema(Greetings, config=StrawberryConfig(info_class=World))
    result = await Engine(schema).execute("{ a: firstOne }", context="hello")
    stock = await schema.execute("{ a: firstOne }", context_value="hello")
    assert result.data == stock.data == {"a": "hello a firstOne first_one"}


class Named(strawberry.Info[Any, Any]):
    """Infos that have something to do at the start."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.greeting = f"{self.context} {self.field_name}"


def greet_by_name(parents: Sequence[object], call: Call) -> list[str]:
    info: Any = call.info
    return [info.greeting] * len(parents)


@strawberry.type
class Names:
    name: str = batched(greet_by_name, reads=())


async def test_an_info_is_made_as_its_class_wants_it() -> None:
    schema = strawberry.Schema(Names, config=StrawberryConfig(info_class=Named))
    result = await Engine(schema).execute("{ name }", context="hello")
    assert (result.data, result.errors) == ({"name": "hello name"}, None)


async def test_a_request_that_waits_for_its_document_waits_until_the_deadline() -> None:
    engine, end = Engine(strawberry.Schema(Choices)), threading.Event()
    first = asyncio.ensure_future(engine._aside(end.wait))
    await asyncio.sleep(0)  # in which it gets the thread
    source = "{ shown }" + " " * LONGEST_AT_ONCE
    result = await engine.execute(source, deadline=asyncio.get_running_loop().time())
    assert result.data is None
    assert [error.extensions for error in result.errors or ()] == [{"code": "TIMEOUT"}]
    end.set()
    await first
    result = await engine.execute(source)
    assert (result.data, result.errors) == ({"shown": "None None"}, None)


async def test_a_document_that_many_ask_for_at_once_is_planned_once() -> None:
    engine = Engine(strawberry.Schema(Choices))
    source = "{ shown }" + " " * LONGEST_AT_ONCE
    documents = await asyncio.gather(*(engine.prepare_aside(source) for _ in range(5)))
    assert all(each is documents[0] for each in documents)
    await asyncio.gather(*(engine.execute(source) for _ in range(5)))
    assert [len(engine._plans._entries), engine._plans._used] == [1, len(source)]
