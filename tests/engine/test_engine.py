"""What the engine itself decides before anything runs."""

from collections.abc import AsyncIterator

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.extensions import AddValidationRules, MaskErrors
from strawberry.schema.config import StrawberryConfig

from engine import Engine, Limits


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
