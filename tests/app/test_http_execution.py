import pytest
from graphql import GraphQLError, build_schema

from app.http.execution import select
from engine import Engine

ENGINE = Engine(build_schema("type Query { hello(name: String!): String, twice: Int }"))
ROOTS = 'query A { hello(name: "x") } query B { twice }'


@pytest.mark.parametrize("name", ["A", "B"])
def test_an_operation_is_selected_by_name(name: str) -> None:
    operation = select(ENGINE.prepare(ROOTS), name)
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
        select(ENGINE.prepare(ROOTS), name)
    assert refused.value.message == message
    assert refused.value.extensions == {"code": "OPERATION_RESOLUTION_FAILURE"}
