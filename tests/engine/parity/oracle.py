"""Stock execution: what Strawberry's and graphql-core's own `execute` make of an operation."""

from collections.abc import AsyncIterator, Callable
from functools import lru_cache
from inspect import isawaitable
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    execute,
    is_non_null_type,
    parse,
    specified_rules,
    subscribe,
    validate,
)
from graphql.execution import Executor
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext, validate_document

from tests.engine.parity.comparison import Possible, failures

Schema = strawberry.Schema | GraphQLSchema
Options = dict[str, Any]


class Unpropagated(Executor[Any]):
    """An executor whose errors stay where they are raised; its results say which positions are non-null."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.error_propagation = False
        self.non_null: set[tuple[str | int, ...]] = set()

    def complete_value(self, return_type: Any, field: Any, info: Any, path: Any, *rest: Any) -> Any:
        self.note(return_type, path)
        return super().complete_value(return_type, field, info, path, *rest)

    def handle_field_error(self, error: Exception, return_type: Any, field: Any, path: Any) -> None:
        self.note(return_type, path)
        super().handle_field_error(error, return_type, field, path)

    def note(self, return_type: Any, path: Any) -> None:
        if is_non_null_type(return_type):
            self.non_null.add(tuple(path.as_list()))

    def build_response(self, data: dict[str, Any] | None) -> Any:
        return ExecutionResult(data, self.collected_errors.errors, {"non_null": self.non_null})


class UnpropagatedStrawberry(Unpropagated, StrawberryGraphQLCoreExecutionContext):
    """The same on Strawberry's own executor."""


def options_of(schema: Schema) -> tuple[GraphQLSchema, Options]:
    """The schema for graphql-core, and how Strawberry has it executed."""
    if isinstance(schema, GraphQLSchema):
        return schema, {"executor_class": Executor}
    return schema._schema, {
        "executor_class": schema.execution_context_class,
        "is_awaitable": optimized_is_awaitable,
    }


async def stock(schema: Schema, source: str, **request: Any) -> ExecutionResult:
    """The result of stock execution; `request` as graphql.execute has it."""
    core, options = options_of(schema)
    return await run(core, source, options | request)


async def possible(schema: Schema, source: str, **request: Any) -> Possible:
    """Every error that the operation can have, from a run in which none propagates."""
    core, options = options_of(schema)
    plain = isinstance(schema, GraphQLSchema)
    options["executor_class"] = Unpropagated if plain else UnpropagatedStrawberry
    return possible_of(await run(core, source, options | request))


def possible_of(result: ExecutionResult) -> Possible:
    non_null = (result.extensions or {}).get("non_null", ())
    return Possible(failures(result), frozenset(non_null))


async def run(core: GraphQLSchema, source: str, options: Options) -> ExecutionResult:
    document = checked(core, source)
    if isinstance(document, ExecutionResult):
        return document
    outcome = execute(core, document, **options)
    return await outcome if isawaitable(outcome) else outcome


@lru_cache(maxsize=256)
def checked(core: GraphQLSchema, source: str) -> DocumentNode | ExecutionResult:
    """The document, or the result that says why there is none."""
    try:
        document = parse(source)
    except GraphQLError as error:
        return ExecutionResult(None, [error])
    if hasattr(core, "_strawberry_schema"):
        errors = validate_document(core, document, specified_rules)
    else:
        errors = validate(core, document)
    return ExecutionResult(None, errors) if errors else document


async def events(
    schema: Schema, source: str, possible_errors: bool = False, **request: Any
) -> list[ExecutionResult]:
    """All results of a subscription, in which errors do not propagate if `possible_errors`.

    The last one stands for what its source raised, where it raised.
    """
    core, options = options_of(schema)
    if possible_errors:
        plain = isinstance(schema, GraphQLSchema)
        options["executor_class"] = Unpropagated if plain else UnpropagatedStrawberry
    options.pop("is_awaitable", None)
    document = checked(core, source)
    if isinstance(document, ExecutionResult):
        return [document]

    def start() -> Any:
        return subscribe(core, document, **options | request)

    return await collected(start)


async def collected(start: Callable[[], Any]) -> list[ExecutionResult]:
    """What a subscription's start gives: one result, or all of a stream of them."""
    outcome = start()
    stream = await outcome if isawaitable(outcome) else outcome
    if isinstance(stream, ExecutionResult):
        return [stream]
    return [result async for result in ending(stream)]


async def ending(stream: AsyncIterator[ExecutionResult]) -> AsyncIterator[ExecutionResult]:
    """The results of a stream, and one for the exception that ended it."""
    try:
        async for result in stream:
            yield result
    except Exception as error:
        yield ExecutionResult(None, [GraphQLError(str(error))])
