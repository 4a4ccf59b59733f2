"""Runs an operation under stock execution and under the engine, and compares."""

from collections.abc import Callable
from typing import Any, get_type_hints

from graphql import ExecutionResult

from engine import Engine
from engine.limits import Limits
from tests.engine.parity.comparison import differences
from tests.engine.parity.oracle import Schema, collected, possible, stock

UNLIMITED = Limits(**dict.fromkeys(get_type_hints(Limits)))
ENGINES: dict[int, tuple[Schema, Engine]] = {}


def engine_of(schema: Schema) -> Engine:
    """The one engine of a schema; a plan compiled for an operation serves the next test as well."""
    if id(schema) not in ENGINES:
        ENGINES[id(schema)] = schema, Engine(schema, UNLIMITED)
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
        found = differences(expected, ours, errors)
        assert not found, "\n".join([*found, source])
    return expected


async def events_of(
    schema: Schema, source: str, variables: dict[str, Any], context: object
) -> list[ExecutionResult]:
    """All results of the engine's subscription, as tests.engine.parity.oracle.events has stock's."""
    return await collected(lambda: engine_of(schema).subscribe(source, variables, None, context))
