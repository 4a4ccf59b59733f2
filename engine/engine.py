"""One engine a schema: from a request's text and variables to its result."""

from asyncio import get_running_loop
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Mapping
from functools import partial
from inspect import isawaitable
from typing import Any, Final, cast

import strawberry
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    create_source_event_stream,
)
from graphql.execution.executor import Executor
from graphql.execution.values import VariableValues

from engine.cache import Cache
from engine.completion import complete
from engine.documents import DEFAULTS, Document, Documents
from engine.infos import Request
from engine.instances import Instance
from engine.limits import Limits
from engine.operations import choose, coerce, fragments_of
from engine.plan import Operation, Plan
from engine.replay import Handle, Replay, handle
from engine.run import Run
from engine.settling import settle
from engine.spending import actual_cost
from engine.tracer import Trace, Tracer

# Plans are kept for documents of so many characters in all. There is one for each operation and
# combination of what @skip and @include depend on; it takes some 0.15 kB a character.
PLANNED: Final = 500_000

NOUNS: Final = {OperationType.QUERY: "queries", OperationType.MUTATION: "mutations"}


class Engine:
    """Executes operations of one schema; safe to share between requests of one event loop.

    `limits` bound what a document may ask for (see `Limits`). `tracer` gives, from the context of an
    execution, the `Trace` that is to record it, or None.
    """

    def __init__(
        self,
        schema: strawberry.Schema | GraphQLSchema,
        limits: Limits = DEFAULTS,
        tracer: Tracer | None = None,
    ) -> None:
        self.schema = schema if isinstance(schema, GraphQLSchema) else schema._schema
        self._strawberry: Any = getattr(self.schema, "_strawberry_schema", None)
        *,
        ignore_extensions: bool = False,
        self._documents = Documents(self.schema, limits)
        self._plans: Cache[tuple[Any, ...], Plan] = Cache(PLANNED)
        self._tracer = tracer
        ignored = [] if ignore_extensions else extensions_of(self._strawberry)
        if ignored:
            message = f"The schema has what the engine does not run: {', '.join(ignored)}."
            raise ValueError(f"{message} Leave it out, or say ignore_extensions=True.")

    def prepare(self, source: str) -> Document:
        """The document of a client: limited, parsed and validated, as a rule once per text.

        It says by its `errors` why it cannot be executed.
        """
        return self._documents.prepare(source)

    def document(self, source: str) -> Document:
        """A document that the caller vouches for, to be kept and executed often: no limit holds for it.

        It says by its `errors` why it cannot be executed.
        """
        return self._documents.trusted(source)

    async def execute(
        self,
        source: str | Document,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        context: Any = None,
        root: Any = None,
        deadline: float | None = None,
    ) -> ExecutionResult:
        """Runs one operation of the document; failures come back as the result's errors.

        At `deadline`, on the event loop's clock, what has no value yet fails with the code TIMEOUT.
        """
        document = self.prepare(source) if isinstance(source, str) else source
        chosen = self._chosen(document, variables, operation_name)
        if isinstance(chosen, list):
            return ExecutionResult(None, chosen)
        operation, raw, values = chosen
        request = Request(context, root, raw, values, deadline)
        try:
            result = await self._run(document, operation, request)
        except RecursionError:
            return ExecutionResult(None, [too_deep(operation)])

    def _chosen(
        self, document: Document, variables: Mapping[str, Any] | None, name: str | None
    ) -> tuple[OperationDefinitionNode, dict[str, Any], VariableValues] | list[GraphQLError]:
        """The operation that is meant, with its variables as given and coerced; or why there is none."""
        if document.errors:
            return list(document.errors)
        raw = dict(variables or {})
        refusal = document.check_variables(raw)
        if refusal is not None:
            return [refusal]
        operation = choose(document.ast, name)
        if isinstance(operation, GraphQLError):
            return [operation]
        values = coerce(self.schema, operation, raw)
        if isinstance(values, list):
            return values
        refusal = document.check_cost(operation, values.coerced)
        return (operation, raw, values) if refusal is None else [refusal]

    async def _run(
        self, document: Document, operation: OperationDefinitionNode, request: Request
    ) -> ExecutionResult:
        if self.schema.get_root_type(operation.operation) is None:
            return self._look(document, operation, request, None)  # it says so

        async def is_null(root: Instance) -> bool:
            await settle(root)
            return self._look(document, operation, request, handle(root, 0)).data is None

        trace = self._tracer(request.context) if self._tracer is not None else None
        plan = self._plan(document, operation, request.variables)
        run = Run(plan, request, self._strawberry, is_null, trace)
        root = await run.execute()
        result = None if run.failed else self._completed(root)
        if trace is not None:
            trace.replayed = result is None
            self._tell(trace, document, operation, request, root)
        if result is None:
            await settle(root)
            result = self._look(document, operation, request, handle(root, 0))
        root.release()
        return result

    def _look(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        request: Request,
        root: Handle | None,
    ) -> ExecutionResult:
        """The second look at what was got: see `engine.replay`."""
        name = operation.name.value if operation.name else None
        raw = request.raw_variables
        executor: Any = Replay.build(self.schema, document.ast, root, request.context, raw, name)
        result: ExecutionResult = executor.result()
        return result

    def _completed(self, root: Instance) -> ExecutionResult | None:
        """The result when everything is regular; a second look has to find what is not, and where."""
        try:
            return ExecutionResult(complete(root)[0], None)
        except Exception:
            return None

    def _tell(
        self,
        trace: Trace,
        document: Document,
        operation: OperationDefinitionNode,
        request: Request,
        root: Instance,
    ) -> None:
        variables = request.variables.coerced
        trace.close()
        trace.static_cost = document.cost(operation, variables)
        trace.actual_cost = actual_cost(root, document.weights, variables)
        trace.end()

    def _plan(
        self, document: Document, operation: OperationDefinitionNode, variables: VariableValues
    ) -> Plan:
        values = variables.coerced
        # The document is part of the key, so that it lives as long and its operations are no others.
        key = (document, id(operation), *(values.get(name) for name in document.deciding()))
        plan = self._plans.get(key)
        if plan is None:
            fragments = fragments_of(document.ast)
            plan = Plan(Operation(self.schema, operation, fragments, variables))
            self._plans.put(key, plan, document.size)
        return plan

    async def subscribe(
        self,
        source: str | Document,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        context: Any = None,
        root: Any = None,
    ) -> AsyncIterator[ExecutionResult] | ExecutionResult:
        """The results of a subscription, one an event; a result with errors when it cannot begin."""
        document = self.prepare(source) if isinstance(source, str) else source
        chosen = self._chosen(document, variables, operation_name)
        if isinstance(chosen, list):
            return ExecutionResult(None, chosen)
        _, raw, _ = chosen
        executor: Any = Executor.build(
            self.schema, document.ast, root, context, variables, operation_name
        )
        stream = create_source_event_stream(executor)
        events: Any = await stream if isawaitable(stream) else stream
        if isinstance(events, ExecutionResult):
            return events
        return self._results(events, document, raw, operation_name, context)

    async def _results(
        self,
        raw = dict(variables or {})

            deadline = event_timeout and get_running_loop().time() + event_timeout

        start = partial(self._source, document, raw, operation_name, context, root)

    async def _source(
        self,
        document: Document,
        variables: dict[str, Any],
        operation_name: str | None,
        context: Any,
        root: Any,
        """The events of a subscription (specification, section 6.2.3.1); or why there are none."""
        events: AsyncIterator[Any],
        document: Document,
        variables: Mapping[str, Any],
        operation_name: str | None,
        context: Any,
    ) -> AsyncGenerator[ExecutionResult, None]:
        try:
            async for event in events:
                yield await self.execute(document, variables, operation_name, context, event)
        finally:
            if isinstance(events, AsyncGenerator):
                await events.aclose()


def too_deep(operation: OperationDefinitionNode) -> GraphQLError:
    """Without a limit for the depth, Python's own is met in the end."""
    return GraphQLError(
        "The selections are nested too deeply.",
        operation,
        extensions={"code": "DEPTH_LIMIT_EXCEEDED"},
    )
        events: Any = None
            events = await start()
                yield self._reported(events)
                return
        """The result; of its errors the schema is told, which logs them (`process_errors`)."""
        if result.errors and self._strawberry is not None:
            self._strawberry._process_errors(result.errors)
        return result


def extensions_of(schema: Any) -> list[str]:
    """The names of a Strawberry schema's extensions and directives for operations."""
    extensions = [
        each if callable(each) else type(each) for each in getattr(schema, "extensions", ())
    ]
    names = [getattr(each, "__name__", repr(each)) for each in extensions]
    return [*names, *(f"@{each.python_name}" for each in getattr(schema, "directives", ()))]


def as_graphql(error: Exception) -> GraphQLError:
    """The error of a source, which has no place in the document."""
    return (
        error
        if isinstance(error, GraphQLError)
        else GraphQLError(str(error), None, None, None, None, error)
    )

