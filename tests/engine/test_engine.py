"""What the engine itself decides before anything runs."""

from collections.abc import AsyncIterator

import strawberry
from graphql import ExecutionResult

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


ENGINE = Engine(strawberry.Schema(Query, subscription=Subscription), Limits(values=3))
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
    result = await ENGINE.subscribe(SUBSCRIPTION, {"of": [1, 2, 3]})
    assert isinstance(result, ExecutionResult)
    assert [error.extensions for error in result.errors or ()] == [REFUSAL]
    assert Query.calls == before
