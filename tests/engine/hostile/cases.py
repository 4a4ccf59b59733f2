"""How the corpus is answered, and how long that takes; without pytest, for `make bench`."""

from collections.abc import Callable
from time import process_time
from typing import Final, NamedTuple

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import get_variable_values

from engine.documents import Documents
from tests.engine.hostile import corpus, masthead
from tests.engine.hostile.corpus import UNCOERCED, Request


class Case(NamedTuple):
    schema: GraphQLSchema
    make: Callable[[], Request]


REFUSED: Final = {
    name: Case(module.SCHEMA, make)
    for module in (corpus, masthead)
    for name, make in module.REQUESTS.items()
}
TIMED: Final = REFUSED | {
    f"{name}, in a large schema": Case(masthead.SCHEMA, make)
    for name, make in corpus.REQUESTS.items()
}
"""What is valid in the one schema is at most slow to refuse in the other."""


def answer(schema: GraphQLSchema, documents: Documents, request: Request) -> str | None:
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
    variables = get_variable_values(schema, definitions, given, max_errors=50)
    if isinstance(variables, list):
        return UNCOERCED
    refusal = document.check_cost(operation, variables.coerced)
    return code(refusal) if refusal else None


def code(error: GraphQLError) -> str:
    return str((error.extensions or {})["code"])


def seconds(case: Case) -> float:
    request = case.make()
    documents = Documents(case.schema)
    start = process_time()
    answer(case.schema, documents, request)
    return process_time() - start
