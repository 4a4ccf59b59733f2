import pytest
from graphql import GraphQLError, build_schema

from app.http.execution import CACHED_LENGTH, MAX_TOKENS, prepare, select

SCHEMA = build_schema("type Query { hello(name: String!): String, twice: Int }")
ROOTS = 'query A { hello(name: "x") } query B { twice }'


def padded(length: int) -> str:
    return '{ hello(name: "x") } #'.ljust(length, "x")


def test_a_document_is_prepared_once() -> None:
    source = padded(CACHED_LENGTH)
    assert prepare(SCHEMA, source) is prepare(SCHEMA, source)


def test_a_long_document_is_not_kept() -> None:
    source = padded(CACHED_LENGTH + 1)
    first, second = prepare(SCHEMA, source), prepare(SCHEMA, source)
    assert first is not second
    assert first.errors == second.errors == []


def test_the_largest_document() -> None:
    assert prepare(SCHEMA, "{" + "twice " * (MAX_TOKENS - 2) + "}").ast.definitions
    with pytest.raises(GraphQLError) as refused:
        prepare(SCHEMA, "{" + "twice " * (MAX_TOKENS - 1) + "}")
    assert refused.value.extensions == {"code": "GRAPHQL_PARSE_FAILED"}


@pytest.mark.parametrize("name", ["A", "B"])
def test_an_operation_is_selected_by_name(name: str) -> None:
    operation = select(prepare(SCHEMA, ROOTS), name)
    assert operation.name
    assert operation.name.value == name


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("C", 'The document has no operation named "C".'),
        (
            None,
            'The document must have exactly one operation, or "operationName" must choose one.',
        ),
    ],
)
def test_a_missing_operation_is_named(name: str | None, message: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        select(prepare(SCHEMA, ROOTS), name)
    assert refused.value.message == message
    assert refused.value.extensions == {"code": "OPERATION_RESOLUTION_FAILURE"}
