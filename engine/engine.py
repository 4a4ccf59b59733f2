"""One engine a schema: from a request's text and variables to its result."""

from asyncio import get_running_loop
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Mapping
from functools import partial
from inspect import isawaitable
from typing import Any, Final, NamedTuple, cast

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

from engine.aside import LONGEST_AT_ONCE, Aside, are_many
from engine.cache import Cache
from engine.completion import complete
from engine.documents import DEFAULTS, Document, Documents
from engine.errors import DeadlineExceededError
from engine.infos import Request, lazy
from engine.instances import Instance
from engine.limits import Limits
from engine.meter import EXACT, Meter
from engine.operations import are_simple, choose, coerce, cut, fragments_of, plain_key
from engine.plan import Plan
from engine.replay import Handle, Replay, handle
from engine.run import Run
from engine.settling import settle
from engine.spending import actual_cost
from engine.tracer import Trace, Tracer
from engine.units import Operation

# Plans are kept for documents of so many characters in all. There is one for each operation and
# combination of what @skip and @include depend on; with its document it takes some 100 bytes a character.
# As many choices of an operation with its variables are: a frontend sends few different ones.
PLANNED: Final = 60_000
# Answers about the schema take up to a megabyte each.
INTROSPECTED: Final = 16

NOUNS: Final = {OperationType.QUERY: "queries", OperationType.MUTATION: "mutations"}


class Chosen(NamedTuple):
    """The operation that is meant, with its variables coerced, and its static cost."""

    operation: OperationDefinitionNode
    values: VariableValues
    cost: int


class Engine:
    """Executes operations of one schema; safe to share between requests of one event loop.

    `limits` bound what a document may ask for (see `Limits`). `tracer` gives, from the context of an
    execution, the `Trace` that is to record it, or None. `meter` is told what each operation costs,
    and may refuse it. With `hide_suggestions`, or where Strawberry's
    configuration disables suggestions, no error names what the client may have meant. Raises ValueError
    for a schema with extensions or directives of Strawberry's, which are not run, unless
    `ignore_extensions` is true.
    """

    def __init__(
        self,
        schema: strawberry.Schema | GraphQLSchema,
        limits: Limits = DEFAULTS,
        tracer: Tracer | None = None,
        *,
        meter: Meter | None = None,
        ignore_extensions: bool = False,
        hide_suggestions: bool = False,
    ) -> None:
        self.schema = schema if isinstance(schema, GraphQLSchema) else schema._schema
        self._strawberry: Any = getattr(self.schema, "_strawberry_schema", None)
        self._info_class = self._strawberry and lazy(self._strawberry.config.info_class)
        ignored = [] if ignore_extensions else extensions_of(self._strawberry)
        if ignored:
            message = f"The schema has what the engine does not run: {', '.join(ignored)}."
            raise ValueError(f"{message} Leave it out, or say ignore_extensions=True.")
        self._aside = Aside()
        self._hides_names = hide_suggestions or disables_suggestions(self._strawberry)
        self._documents = Documents(self.schema, limits, self._aside, self._hides_names)
        self._introspected: Cache[tuple[Any, ...], Any] = Cache(INTROSPECTED)
        self._plans: Cache[tuple[Any, ...], Plan] = Cache(PLANNED)
        self._choices: Cache[tuple[Any, ...], Chosen] = Cache(PLANNED)
        self._tracer = tracer
        self._meter = meter

    def prepare(self, source: str) -> Document:
        """The document of a client: limited, parsed and validated, as a rule once per text.

        It says by its `errors` why it cannot be executed.
        """
        return self._documents.prepare(source)

    async def prepare_aside(self, source: str, deadline: float | None = None) -> Document:
        """As `prepare`, without keeping the event loop from others for long.

        Raises DeadlineExceededError when there are others to be prepared before, until the deadline.
        """
        return await self._documents.prepare_aside(source, deadline)

    def document(self, source: str) -> Document:
        """A document that the caller vouches for, to be kept and executed often: no limit holds for it,
        but that of values in the variables, which are the client's.

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
        raw = dict(variables or {})
        try:
            document = source
            if isinstance(document, str):
                document = await self.prepare_aside(document, deadline)
            choose = partial(self._chosen, document, raw, operation_name)
            chosen = await self._aside(choose, deadline) if are_many(raw) else choose()
            if isinstance(chosen, list):
                return self._reported(ExecutionResult(None, chosen))
            operation, values, cost = chosen
            refusal = await self._meter.charge(context, cost) if self._meter is not None else None
            if refusal is not None:
                return self._reported(ExecutionResult(None, [refusal]))
            request = Request(context, root, raw, values, deadline)
            try:
                result = await self._run(document, operation, request, cost)
            except RecursionError:
                result = ExecutionResult(None, [too_deep(operation)])
        except DeadlineExceededError as error:
            result = ExecutionResult(None, [as_graphql(error)])
        return self._reported(result)

    def _chosen(
        self, document: Document, raw: dict[str, Any], name: str | None
    ) -> "Chosen | list[GraphQLError]":
        """The operation that is meant, with its variables coerced; or why there is none."""
        if document.errors:
            return list(document.errors)
        plain = plain_key(raw) if document.is_kept else None
        key = None if plain is None else (document, name, plain)
        known = None if key is None else self._choices.get(key)
        if known is not None:
            return known
        chosen = self._choose(document, raw, name)
        if key is not None and not isinstance(chosen, list) and are_simple(self.schema, chosen[0]):
            self._choices.put(key, chosen, document.size)
        return chosen

    def _choose(
        self, document: Document, raw: dict[str, Any], name: str | None
    ) -> "Chosen | list[GraphQLError]":
        refusal = document.check_variables(raw)
        if refusal is not None:
            return [refusal]
        operation = choose(document.ast, name)
        if isinstance(operation, GraphQLError):
            return [operation]
        values = coerce(self.schema, operation, raw, self._hides_names)
        if isinstance(values, list):
            return values
        refusal = document.check_cost(operation, values.coerced)
        if refusal is not None:
            return [refusal]
        return Chosen(operation, values, document.cost(operation, values.coerced))

    async def _run(
        self, document: Document, operation: OperationDefinitionNode, request: Request, cost: int
    ) -> ExecutionResult:
        if self.schema.get_root_type(operation.operation) is None:
            return self._look(document, operation, request, None)  # it says so

        async def is_null(root: Instance) -> bool:
            await settle(root, request.deadline)
            return self._look(document, operation, request, handle(root, 0)).data is None

        trace = self._tracer(request.context) if self._tracer is not None else None
        deciding = document.deciding()
        values = request.variables.coerced
        # The document is part of the key, so that it lives as long and its operations are no others.
        key = (document, id(operation), *[values.get(name) for name in deciding])
        plan = self._plans.get(key) or await self._plan(key, operation, request)
        run = Run(plan, request, self._strawberry, self._info_class, is_null, trace)
        self._aside.running += 1
        try:
            root = await run.execute()
            if self._meter is not None and cost >= EXACT:
                spent = actual_cost(root, document.weights, values)
                await self._meter.settle(request.context, spent)
            result = None if run.failed else self._completed(root)
            if trace is not None:
                trace.replayed = result is None
                self._tell(trace, document, operation, request, root)
            if result is None:
                await settle(root, request.deadline)
                result = self._look(document, operation, request, handle(root, 0))
            return result
        finally:
            self._aside.running -= 1
            run.release()

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
        executor: Any = Replay.build(
            self.schema,
            document.ast,
            root,
            request.context,
            raw,
            name,
            hide_suggestions=self._hides_names,
        )
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

    async def _plan(
        self, key: tuple[Any, ...], operation: OperationDefinitionNode, request: Request
    ) -> Plan:
        document: Document = key[0]

        def make() -> Plan:
            known = self._plans.get(key)  # made while this waited
            return known or self._make_plan(key, operation, request.variables)

        if document.size <= LONGEST_AT_ONCE:
            return make()
        return await self._aside(make, request.deadline)

    def _make_plan(
        self, key: tuple[Any, ...], operation: OperationDefinitionNode, variables: VariableValues
    ) -> Plan:
        document: Document = key[0]
        fragments = fragments_of(document.ast)
        own = cut(variables, document.deciding())
        plan = Plan(Operation(self.schema, operation, fragments, own, self._introspected))
        if document.is_kept:
            self._plans.put(key, plan, document.size)
        return plan

    async def subscribe(
        self,
        source: str | Document,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        context: Any = None,
        root: Any = None,
        event_timeout: float | None = None,
    ) -> AsyncGenerator[ExecutionResult, None]:
        """The results of a subscription, one an event; a single one with errors when it cannot begin.

        It begins when the first is asked for. What its source raises is the error of a last result.
        Each event has `event_timeout` seconds for its result, as `execute` has until its deadline.
        """
        document = await self.prepare_aside(source) if isinstance(source, str) else source
        raw = dict(variables or {})

        def execute(event: Any) -> Awaitable[ExecutionResult]:
            deadline = event_timeout and get_running_loop().time() + event_timeout
            return self.execute(document, raw, operation_name, context, event, deadline)

        start = partial(self._source, document, raw, operation_name, context, root)
        return self._results(start, execute)

    async def _source(
        self,
        document: Document,
        variables: dict[str, Any],
        operation_name: str | None,
        context: Any,
        root: Any,
    ) -> AsyncIterable[Any] | ExecutionResult:
        """The events of a subscription (specification, section 6.2.3.1); or why there are none."""
        chosen = self._chosen(document, variables, operation_name)
        if isinstance(chosen, list):
            return ExecutionResult(None, chosen)
        kind = chosen[0].operation
        if kind is not OperationType.SUBSCRIPTION:
            return ExecutionResult(None, [GraphQLError(f"{NOUNS[kind]} are not allowed")])
        executor: Any = Executor.build(
            self.schema,
            document.ast,
            root,
            context,
            variables,
            operation_name,
            hide_suggestions=self._hides_names,
        )
        stream = create_source_event_stream(executor)
        events: Any = await stream if isawaitable(stream) else stream
        return cast("AsyncIterable[Any] | ExecutionResult", events)

    async def _results(
        self,
        start: Callable[[], Awaitable[AsyncIterable[Any] | ExecutionResult]],
        execute: Callable[[Any], Awaitable[ExecutionResult]],
    ) -> AsyncGenerator[ExecutionResult, None]:
        events: Any = None
        try:
            events = await start()
            if isinstance(events, ExecutionResult):
                yield self._reported(events)
                return
            async for event in events:
                yield await execute(event)
        except Exception as error:
            yield self._reported(ExecutionResult(None, [as_graphql(error)]))
        finally:
            if isinstance(events, AsyncGenerator):
                await events.aclose()

    def _reported(self, result: ExecutionResult) -> ExecutionResult:
        """The result; of its errors the schema is told, which logs them (`process_errors`)."""
        if result.errors and self._strawberry is not None:
            self._strawberry._process_errors(result.errors)
        return result


def disables_suggestions(schema: Any) -> bool:
    """Whether Strawberry's configuration does: it means those of fields, and here all others too."""
    return schema is not None and bool(schema.config.disable_field_suggestions)


def extensions_of(schema: Any) -> list[str]:
    """The names of a Strawberry schema's extensions and directives for operations."""
    extensions = [
        each if callable(each) else type(each) for each in getattr(schema, "extensions", ())
    ]
    names = [getattr(each, "__name__", repr(each)) for each in extensions]
    return [*names, *(f"@{each.python_name}" for each in getattr(schema, "directives", ()))]


def as_graphql(error: Exception) -> GraphQLError:
    """The error of a source, which has no place in the document."""
    if isinstance(error, GraphQLError):
        return error
    return GraphQLError(str(error), original_error=error)


def too_deep(operation: OperationDefinitionNode) -> GraphQLError:
    """Without a limit for the depth, Python's own is met in the end."""
    return GraphQLError(
        "The selections are nested too deeply.",
        operation,
        extensions={"code": "DEPTH_LIMIT_EXCEEDED"},
    )
