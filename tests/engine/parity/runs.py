"""Runs an operation under stock execution and under the engine, and compares."""

from collections.abc import Callable
from typing import Any, get_type_hints

from graphql import ExecutionResult

from engine import Engine
from engine.limits import Limits
from tests.engine.parity.comparison import differences
from tests.engine.parity.oracle import Schema, collected, events, possible, possible_of, stock

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


async def agreed_events(
    schema: Schema,
    source: str,
    variables: dict[str, Any] | None = None,
    context: Callable[[], Any] = lambda: None,
    root: Callable[[], Any] = lambda: None,
) -> list[ExecutionResult]:
    """What both executors make of the events of a subscription; asserts that they make the same."""

    def request() -> dict[str, Any]:
        return {
            "variable_values": variables,
            "context_value": context(),
            "root_value": root(),
        }

    expected = await events(schema, source, **request())
    errors = await events(schema, source, possible_errors=True, **request())
    engine = engine_of(schema)
    ours = await collected(lambda: engine.subscribe(source, variables, None, context(), root()))
    assert len(ours) == len(expected), ours
    for one, other, possible_result in zip(expected, ours, errors, strict=True):
        found = differences(one, other, possible_of(possible_result))
        assert not found, "\n".join([*found, source])
    return ours
