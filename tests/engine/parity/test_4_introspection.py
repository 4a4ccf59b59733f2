"""Spec 4, introspection: alone, beside other fields, by variables, aliased, skipped."""

from typing import Any

import pytest
from graphql import build_client_schema, get_introspection_query, print_schema

from tests.engine.parity.runs import agreed, engine_of
from tests.engine.parity.schema import World, schema

TYPE = (
    "fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { name } } } }"
)


async def test_the_whole_schema() -> None:
    source = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    await agreed(schema, source, context=World)
    result = await engine_of(schema).execute(source)
    client: Any = result.data
    assert print_schema(build_client_schema(client)).count("type ") > 10


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        (
            '{ __type(name: "Human") { name interfaces { name } fields { name type { ...T } } } }',
            {},
        ),
        (
            "query ($n: String!) { __type(name: $n) { name kind possibleTypes { name } } }",
            {"n": "Character"},
        ),
        ("query ($n: String!) { __type(name: $n) { name } }", {"n": "Missing"}),
        ("query ($n: String!) { __type(name: $n) { name } }", {}),
        (
            'query ($n: String = "Thing") { a: __type(name: $n) { kind } b: __typename }',
            {},
        ),
        (
            "{ s: __schema { queryType { name } mutationType { n: name } subscriptionType { name } } }",
            {},
        ),
        (
            "{ hero { __typename name } __schema { types { name } } __typename things { __typename } }",
            {},
        ),
        (
            "query ($y: Boolean!) { __schema @skip(if: $y) { queryType { name } } __typename }",
            {"y": True},
        ),
        (
            "query ($y: Boolean!) { __schema @skip(if: $y) { queryType { name } } __typename }",
            {"y": False},
        ),
        (
            "{ __schema { queryType { ...Q } } } fragment Q on __Type { fields { name } }",
            {},
        ),
        (
            "{ ...S } fragment S on Query { __schema { directives { name args { name defaultValue } } } }",
            {},
        ),
        (
            '{ __type(name: "Episode") { enumValues { name isDeprecated } inputFields { name } } }',
            {},
        ),
        (
            '{ __type(name: "Review") { inputFields { name defaultValue type { ...T } } isOneOf } }',
            {},
        ),
        ('{ __type(name: "Pet") { isOneOf specifiedByURL __typename } }', {}),
        ("{ __schema { __typename } __schema { description } }", {}),
        ("{ __schema { types { unknown } } }", {}),
        ("{ __type { name } }", {}),
        ("{ hero { __schema { queryType { name } } } }", {}),
        ("mutation { __typename }", {}),
        ("{ __typename __typename a: __typename }", {}),
        ("mutation { __schema { queryType { name } } change { name __typename } }", {}),
    ],
)
async def test_introspection(source: str, variables: dict[str, Any]) -> None:
    text = f"{source} {TYPE}" if "...T" in source else source
    await agreed(schema, text, variables, context=World)
