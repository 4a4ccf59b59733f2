"""No request makes the engine slow before it runs."""

from collections.abc import Callable
from time import process_time
from typing import Final, NamedTuple

import pytest
from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, parse
from graphql.execution.values import get_variable_values

from engine import Engine
from engine.documents import Documents
from tests.engine.hostile import corpus, masthead
from tests.engine.hostile.corpus import UNCOERCED, Request, wide

# A machine's time for the yardstick, some 12 ms, is the measure: so the figures hold on a slow one,
# and on one with other work. `make bench` says what it is in milliseconds, which is to be 50 at most.
YARDSTICK: Final = wide("title{0}", 1_990)
TIMES: Final = 4
ATTEMPTS: Final = 10


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


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_code(name: str) -> None:
    schema, make = REFUSED[name]
    request = make()
    assert answer(schema, Documents(schema), request) == request.code


def yardstick() -> float:
    """What it takes graphql-core only to parse a harmless document of as many tokens as there may be."""
    start = process_time()
    parse(YARDSTICK)
    return process_time() - start


@pytest.mark.parametrize("name", TIMED)
def test_it_takes_little_time(name: str) -> None:
    case = TIMED[name]
    assert any(seconds(case) <= TIMES * yardstick() for _ in range(ATTEMPTS))


async def cpu_seconds(schema: GraphQLSchema, request: Request) -> float:
    """From the text to the result, with the plan; nothing is there to be resolved."""
    engine = Engine(schema)
    start = process_time()
    await engine.execute(request.source, request.variables)
    return process_time() - start


@pytest.mark.parametrize("name", masthead.REQUESTS)
async def test_it_takes_little_time_to_plan_as_well(name: str) -> None:
    schema, make = REFUSED[name]
    times = [await cpu_seconds(schema, make()) / yardstick() for _ in range(ATTEMPTS)]
    assert min(times) <= TIMES
