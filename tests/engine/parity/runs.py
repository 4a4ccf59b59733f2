"""Runs an operation under stock execution and under the engine, and compares."""

from collections.abc import Callable
from typing import Any

from graphql import ExecutionResult

from engine import Engine
from tests.engine.parity.comparison import differences
from tests.engine.parity.oracle import Schema, possible, stock

ENGINES: dict[int, tuple[Schema, Engine]] = {}


def engine_of(schema: Schema) -> Engine:
    """The one engine of a schema; a plan compiled for an operation serves the next test as well."""
    if id(schema) not in ENGINES:
        ENGINES[id(schema)] = schema, Engine(schema)
    return ENGINES[id(schema)][1]


async def agreed(
    schema: Schema,
    source: str,
    variables: dict[str, Any] | None = None,
    operation_name: str | None = None,
    context: Callable[[], Any] = lambda: None,
    root: Callable[[], Any] = lambda: None,
) -> ExecutionResult:
    """What both executors say; asserts that they say the same, on a first and on a second run.

    Each run has a context and a root of its own.
    """

    def request() -> dict[str, Any]:
        return {
            "variable_values": variables,
            "operation_name": operation_name,
            "context_value": context(),
            "root_value": root(),
        }

    expected = await stock(schema, source, **request())
    errors = await possible(schema, source, **request())
    for _ in range(2):
        ours = await engine_of(schema).execute(source, variables, operation_name, context(), root())
        assert differences(expected, ours, errors) == [], source
    return expected
