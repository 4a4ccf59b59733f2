"""No request makes the engine slow before it runs."""

from time import process_time

import pytest
from graphql import GraphQLError, OperationDefinitionNode
from graphql.execution.values import get_variable_values

from engine.documents import Documents
from tests.engine.hostile.corpus import REQUESTS, SCHEMA, UNCOERCED, Request

SECONDS = 0.050
NOISE = 2
"""The processor is shared with other tests."""


def answer(documents: Documents, request: Request) -> str | None:
    """The code with which the request is refused before it runs."""
    document = documents.prepare(request.source)
    if document.errors:
        return code(document.errors[0])
    given = request.variables or {}
    refusal = document.check_variables(given)
    if refusal:
        return code(refusal)
    operation = document.ast.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    definitions = operation.variable_definitions or ()
    variables = get_variable_values(SCHEMA, definitions, given, max_errors=50)
    if isinstance(variables, list):
        return UNCOERCED
    refusal = document.check_cost(operation, variables.coerced)
    return code(refusal) if refusal else None


def code(error: GraphQLError) -> str:
    return str((error.extensions or {})["code"])


def seconds(request: Request) -> float:
    documents = Documents(SCHEMA)
    start = process_time()
    answer(documents, request)
    return process_time() - start


@pytest.mark.parametrize("name", REQUESTS)
def test_it_is_refused_with_its_code(name: str) -> None:
    request = REQUESTS[name]()
    assert answer(Documents(SCHEMA), request) == request.code


@pytest.mark.parametrize("name", REQUESTS)
def test_it_takes_little_time(name: str) -> None:
    request = REQUESTS[name]()
    assert any(seconds(request) <= NOISE * SECONDS for _ in range(5))
