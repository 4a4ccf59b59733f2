from typing import Any

import pytest
from graphql import GraphQLError, OperationDefinitionNode, parse

from engine.operations import choose

TWO = "query A { a } query B { b }"
FRAGMENT = "fragment F on Query { a }"


@pytest.mark.parametrize("name", ["A", "B"])
def test_an_operation_is_chosen_by_name(name: str) -> None:
    operation = choose(parse(TWO), name)
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name
    assert operation.name.value == name


@pytest.mark.parametrize(
    ("document", "name", "message"),
    [
        (TWO, "C", "Unknown operation named 'C'."),
        (TWO, None, "Must provide operation name if query contains multiple operations."),
        (FRAGMENT, None, "Must provide an operation."),
    ],
)
def test_what_is_no_single_operation(document: str, name: str | None, message: str) -> None:
    error: Any = choose(parse(document), name)
    assert isinstance(error, GraphQLError)
    assert error.message == message
    assert error.extensions == {"code": "OPERATION_RESOLUTION_FAILURE"}
