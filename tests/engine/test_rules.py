"""What validation says beyond the specification's rules, and where it says less."""

from enum import Enum
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from engine import Engine


@strawberry.input(one_of=True)
class One:
    a: strawberry.Maybe[int]
    b: strawberry.Maybe[str]


@strawberry.input
class Some:
    a: strawberry.Maybe[int]
    one: strawberry.Maybe[One | None]


@strawberry.type
class Query:
    one: int = 1


@strawberry.type
class Mutation:
    @strawberry.mutation
    def pay(self, info: strawberry.Info[list[str], None]) -> int:
        info.context.append("paid")
        return 1

    @strawberry.mutation
    def one(self, of: One) -> str:
        return repr(of)

    @strawberry.mutation
    def some(self, of: Some) -> str:
        return repr(of)


SCHEMA = strawberry.Schema(Query, Mutation)
ENGINE = Engine(SCHEMA)
INVALID = {"code": "GRAPHQL_VALIDATION_FAILED"}


def places(errors: Any) -> list[Any]:
    return [(error.message, error.locations, error.path) for error in errors or ()]


async def refusal(document: str) -> list[Any]:
    """The errors; nothing must have run."""
    done: list[str] = []
    result = await ENGINE.execute(document, {"a": None, "b": 1}, context=done)
    assert (result.data, done) == (None, [])
    assert [error.extensions for error in result.errors or ()] == [INVALID] * len(
        result.errors or ()
    )
    return places(result.errors)


@pytest.mark.parametrize(
    "document",
    [
        'mutation { pay one(of: {a: 1, b: "x"}) }',
        "mutation { pay one(of: {}) }",
        "mutation { pay one(of: {a: null}) }",
        "mutation ($a: Int) { pay one(of: {a: $a}) }",
        "mutation ($a: Int = 1) { pay ...F } fragment F on Mutation { one(of: {a: $a}) }",
        'mutation { pay some(of: {one: {a: 1, b: "x"}}) }',
        "mutation { pay some(of: {a: null}) }",
        "mutation { pay some(of: {a: null, one: {}}) one(of: {}) }",
    ],
)
async def test_an_input_that_stock_refuses_lets_nothing_run(document: str) -> None:
    stock = await SCHEMA.execute(document, {"a": None, "b": 1}, context_value=[])
    assert stock.errors
    assert await refusal(document) == places(stock.errors)


FRAGMENT = "fragment F on Mutation { one(of: {a: $a}) }"


async def test_a_variable_in_a_fragment_may_be_defined_after_it() -> None:
    errors = await refusal(FRAGMENT + " mutation ($a: Int) { pay ...F }")
    assert [message for message, *_ in errors] == [
        "Variable 'a' must be non-nullable to be used for OneOf Input Object 'One'."
    ]
    done: list[str] = []
    document = FRAGMENT + " mutation ($a: Int!) { pay ...F }"
    result = await ENGINE.execute(document, {"a": 1}, context=done)
    assert (result.data, result.errors) == ({"pay": 1, "one": "One(a=Some(1), b=None)"}, None)


@pytest.mark.parametrize(
    "document",
    [
        "mutation { pay one(of: {a: $a}) }",
        FRAGMENT + " mutation { pay ...F }",
        "mutation A { pay ...F } mutation B ($a: Int!) { pay }" + FRAGMENT,
    ],
)
async def test_a_variable_that_is_not_defined_is_named_as_such(document: str) -> None:
    messages = [message for message, *_ in await refusal(document)]
    assert messages[0].startswith("Variable '$a' is not defined")


@pytest.mark.parametrize(
    "document",
    [
        "{ on one1 one2 one3 one4 }",
        "{ one @skip(iff: true) @include(iff: true) }",
        "{ ...on Quer { one } ...on Querx { one } ...on Querz { one } }",
    ],
)
async def test_names_are_suggested_for_the_first_error(document: str) -> None:
    stock = [error.message for error in (await SCHEMA.execute(document)).errors or ()]
    messages = [message for message, *_ in await refusal(document)]
    assert [each.partition(" Did you mean")[0] for each in stock] == [
        each.partition(" Did you mean")[0] for each in messages
    ]
    assert messages[0] == stock[0]
    assert ["Did you mean" in each for each in messages] == [True] + [False] * (len(stock) - 1)


@pytest.mark.parametrize(
    "document", ["{ on }", "{ one @skip(iff: true) }", "{ ...on Quer { one } }"]
)
async def test_no_names_are_suggested_when_that_is_disabled(document: str) -> None:
    silent = strawberry.Schema(Query, config=StrawberryConfig(disable_field_suggestions=True))
    result = await Engine(silent).execute(document)
    assert result.errors
    assert not any("Did you mean" in error.message for error in result.errors)


@strawberry.enum
class Colour(Enum):
    CRIMSON = "crimson"


@strawberry.input
class Paint:
    colour: Colour


@strawberry.interface
class Made:
    @strawberry.field
    def one(self, id: strawberry.ID) -> "Made | None":
        return None


@strawberry.type
class Painter(Made):
    @strawberry.field
    def painted(self, paint: Paint, colour: Colour | None = None) -> str:
        return paint.colour.value

    @strawberry.field
    def painter(self) -> "Painter":
        return Painter()


MISTAKES: list[tuple[str, dict[str, Any]]] = [
    ("{ paintet }", {}),
    ("{ painted(paind: {colour: CRIMSON}) }", {}),
    ("{ painted(paint: {color: CRIMSON}) }", {}),
    ("{ painted(paint: {colour: CRIMSOM}) }", {}),
    ('{ painted(paint: {colour: "CRIMSON"}) }', {}),
    ("query($p: Pain!) { painted(paint: $p) }", {}),
    ("query($p: Paint = {color: CRIMSON}) { painted(paint: $p) }", {}),
    ("query($p: Paint!) { painted(paint: $p) }", {"p": {"colour": "CRIMSOM"}}),
    ("query($p: Paint!) { painted(paint: $p) }", {"p": {"color": "CRIMSON"}}),
    ("query($c: Colour) { painted(paint: {colour: CRIMSON}, colour: $c) }", {"c": "CRIMSOM"}),
    ("{ painted(paint: {colour: CRIMSON}) @skep(if: true) @skip(iff: true) }", {}),
    ("{ ... on Painte { painted } }", {}),
    ("{ painter }", {}),
    ('{ one(id: "1") { painted } }', {}),
]


@pytest.mark.parametrize(("document", "variables"), MISTAKES)
async def test_nothing_of_the_schema_is_suggested_where_that_is_hidden(
    document: str, variables: dict[str, Any]
) -> None:
    schema = strawberry.Schema(Painter)
    open_, hidden = Engine(schema), Engine(schema, hide_suggestions=True)
    suggested = (await open_.execute(document, variables)).errors
    told = (await hidden.execute(document, variables)).errors
    assert suggested
    assert told
    assert any("Did you mean" in error.message for error in suggested)
    assert [error.message for error in told if "Did you mean" in error.message] == []
    assert [error.locations for error in told] == [error.locations for error in suggested]
