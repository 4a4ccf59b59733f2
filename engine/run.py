"""One execution of a plan: level by level, each field once a level for all of its objects."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import strawberry
from graphql import (
    DocumentNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLUnionType,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    default_field_resolver,
    default_type_resolver,
    execute_sync,
)
from graphql.execution.executor import Executor, invalid_return_type_error
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import UndefinedType, is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers

from engine.instances import UNSTARTED, Instance, Origin
from engine.plan import TYPENAME, Field, Plan, Unit
from engine.resolving import reader
from engine.shapes import Irregular, materialise, replace, sift
from engine.waiting import awaits, begun, needs_waiting, outcome_now, outcome_of, settled, together

Values = list[Any]
Then = Callable[[Any], None]


class Request(NamedTuple):
    """What an execution is given beside its plan."""

    context: Any
    root: Any
    raw_variables: dict[str, Any]
    variables: VariableValues
    deadline: float | None


class LocatedInfo(GraphQLResolveInfo):  # type: ignore[type-arg]
    """The info of one object's field; its path is found when it is asked for."""

    instance: Instance
    field: Field
    position: int

    @property
    def path(self) -> Any:
        """Where the field stands in the response."""
        return self.instance.field_path(self.field, self.position)


class Run:
    """Gets the values of all fields of an operation; `failed` tells that some are not regular."""

    field_resolver = staticmethod(default_field_resolver)

    def __init__(self, plan: Plan, request: Request, strawberry_schema: Any) -> None:
        self.plan = plan
        self.request = request
        self.strawberry_schema = strawberry_schema
        self.failed = False
        self.pending: list[tuple[Awaitable[Any], Then]] = []

    async def execute(self) -> Instance:
        """Gets everything, and gives the instance of the root; mutations one after the other.

        GraphQL specification, section 6.3.
        """
        root = Instance(self.plan.root, [self.request.root])
        if self.plan.operation.node.operation is OperationType.MUTATION:
            await self._serially(root)
        else:
            self.start(root)
            await self.drain()
        return root

    async def _serially(self, root: Instance) -> None:
        for field in root.unit.columns:
            self.start_field(root, field)
            await self.drain()

    # --- What resolvers are given

    def arguments(self, field: Field) -> dict[str, Any]:
        """The field's arguments, coerced; raises GraphQLError."""
        node, _, fragment_variables = field.nodes[0]
        if not field.definition.args and not node.arguments:
            return {}
        return get_argument_values(
            field.definition, node, self.request.variables, fragment_variables
        )

    def info(self, field: Field, instance: Instance, index: int = 0) -> LocatedInfo:
        """The info of the field of the object with this index."""
        operation = self.plan.operation
        info = tuple.__new__(
            LocatedInfo,
            (
                field.name,
                [details.node for details in field.nodes],
                field.definition.type,
                instance.unit.type,
                None,
                operation.schema,
                operation.fragments,
                self.request.root,
                operation.node,
                self.request.variables,
                self.request.context,
                is_awaitable,
                None,
                HELPERS,
            ),
        )
        info.instance, info.field, info.position = instance, field, index
        return info

    def infos(self, field: Field, instance: Instance) -> Iterable[LocatedInfo]:
        """The info for each object of the instance."""
        return (self.info(field, instance, index) for index in range(len(instance.objects)))

    def strawberry_info(self, info: LocatedInfo, field: Any) -> strawberry.Info[Any, Any]:
        """The info as Strawberry's resolvers know it."""
        made: strawberry.Info[Any, Any] = self.strawberry_schema.config.info_class(
            _raw_info=info, _field=field
        )
        return made

    def attempt(self, function: Callable[[Any], Any], objects: Iterable[Any]) -> Values:
        """What the function gives for each object, or the exception that it raises."""
        values: Values = []
        for each in objects:
            try:
                values.append(function(each))
            except Exception as error:
                values.append(error)
                self.failed = True
        return values

    # --- From values to the next objects

    def start(self, instance: Instance) -> None:
        """Gets the values of all columns; those that take waiting become pending."""
        for field in instance.unit.columns:
            self.start_field(instance, field)

    def start_field(self, instance: Instance, field: Field) -> None:
        """Gets the values of one column."""
        assert field.start is not None  # noqa: S101 - the plan is complete
        try:
            values: Any = field.start(self, instance)
        except Exception as error:
            values = error
        if hasattr(values, "__await__"):
            self._wait(instance, field, values)
        else:
            self._arrived(instance, field, values)

    def _arrived(self, instance: Instance, field: Field, values: Any) -> None:
        """Takes a column's values; an exception instead of them is the failure of each."""
        if isinstance(values, Exception):
            self.failed = True
            values = [values] * len(instance.objects)
        instance.values[field.index] = values
        self._look(instance, field, values)

    def _look(self, instance: Instance, field: Field, values: Values) -> None:
        """Waits for values that are awaitable, else goes on to the objects in them."""
        kinds = set(map(type, values))
        if any(map(awaits, kinds)):
            self._wait(instance, field, together(values))
            return
        self.failed = self.failed or any(issubclass(kind, Exception) for kind in kinds)
        if field.is_composite:
            self._descend(instance, field, values)

    def _wait(self, instance: Instance, field: Field, values: Awaitable[Values]) -> None:
        self.pending.append((values, lambda values: self._arrived(instance, field, values)))

    def _descend(self, instance: Instance, field: Field, values: Values) -> None:
        """Makes instances of the objects in a column's values, and starts them."""
        try:
            objects = field.shape.flatten(values)
        except Irregular:
            return self._sort_out(instance, field, values)
        if field.layout is None and any(map(is_irregular, set(map(type, objects)))):
            return self._sort_out(instance, field, values)
        return self._typed(instance, field, objects)

    def _sort_out(self, instance: Instance, field: Field, values: Values) -> None:
        """Goes through values one by one: waits for those that take it, finds those that failed."""
        depth = field.shape.depth
        listed = [materialise(value, depth) for value in values]
        if any(needs_waiting(value, depth) for value in listed):
            return self._wait(instance, field, settled(listed, depth))
        objects: Values = []
        sifted = [sift(value, depth, field.coordinate, objects.append) for value in listed]
        instance.values[field.index] = sifted
        self.failed = self.failed or not field.shape.is_regular(sifted, len(objects))
        return self._typed(instance, field, objects)

    # --- Types of objects

    def _typed(self, instance: Instance, field: Field, objects: Values) -> None:
        """Finds the types of the objects, where they are not known from the schema."""
        if field.unit is not None:
            if field.unit.layout is not None or field.unit.type.is_type_of is None:
                return self._enter_one(instance, field, field.unit, objects)
            return self._verify(instance, field, objects, [field.unit.type] * len(objects))
        abstract: Any = field.named
        resolve = abstract.resolve_type or default_type_resolver
        info = self.info(field, instance)
        names = self.attempt(lambda each: resolve(each, info, abstract), objects)
        return self._when(
            names,
            lambda names: self._verify(
                instance, field, objects, self._types(instance, field, objects, names)
            ),
        )

    def _when(self, values: Values, then: Then) -> None:
        """Goes on with the values, once they are all there."""
        if any(map(awaits, set(map(type, values)))):
            self.pending.append((together(values), then))
        else:
            then(values)

    def _types(self, instance: Instance, field: Field, objects: Values, names: Values) -> Values:
        """The object type that each name means, or the failure that it means none."""
        info, abstract = self.info(field, instance), field.named
        assert isinstance(abstract, GraphQLInterfaceType | GraphQLUnionType)  # noqa: S101
        # The method uses nothing of an executor but its schema.
        executor: Any = self.plan.operation
        valid = partial(Executor.ensure_valid_runtime_type, executor)

        def type_of(pair: tuple[Any, Any]) -> Any:
            name, value = pair
            if isinstance(name, Exception):
                return name
            return valid(name, abstract, field.nodes, info, value)

        return self.attempt(type_of, zip(names, objects, strict=True))

    def _verify(self, instance: Instance, field: Field, objects: Values, types: Values) -> None:
        """Asks the types whether the objects are theirs."""
        info = self.info(field, instance)

        def verdict(pair: tuple[Any, Any]) -> Any:
            type_, value = pair
            if isinstance(type_, Exception) or type_.is_type_of is None:
                return True
            return type_.is_type_of(value, info)

        verdicts = self.attempt(verdict, zip(types, objects, strict=True))
        self._when(
            verdicts, lambda verdicts: self._enter(instance, field, objects, types, verdicts)
        )

    def _enter(
        self, instance: Instance, field: Field, objects: Values, types: Values, verdicts: Values
    ) -> None:
        """Makes an instance for the objects of each type; failures take the place of the others."""
        outcomes = [
            failure_of(field, each, type_, verdict) or each
            for each, type_, verdict in zip(objects, types, verdicts, strict=True)
        ]
        values = instance.values[field.index]
        if any(isinstance(each, Exception) for each in outcomes):
            self.failed = True
            values = replace(values, iter(outcomes), field.shape.depth + 1)
            instance.values[field.index] = values
        groups: dict[GraphQLObjectType, list[int]] = {}
        kept = [
            pair for pair in zip(types, outcomes, strict=True) if not isinstance(pair[1], Exception)
        ]
        for position, (type_, _) in enumerate(kept):
            groups.setdefault(type_, []).append(position)
        instance.children[field.index] = []
        for type_, positions in groups.items():
            unit = field.unit or self.plan.unit(type_, field.nodes, None)
            self._begin(instance, field, unit, [kept[each][1] for each in positions], positions)

    def _enter_one(self, instance: Instance, field: Field, unit: Unit, objects: Values) -> None:
        instance.children[field.index] = []
        self._begin(instance, field, unit, objects, range(len(objects)))

    def _begin(
        self,
        instance: Instance,
        field: Field,
        unit: Unit,
        objects: Values,
        positions: Sequence[int],
    ) -> None:
        child = Instance(unit, objects, Origin(instance, field, positions))
        instance.children[field.index].append((child, positions))
        if objects:
            self.start(child)

    # --- Levels

    async def drain(self) -> None:
        """Waits for what is pending, and for what that leads to, level by level."""
        while self.pending:
            level, self.pending = self.pending, []
            outcomes = await self._outcomes([awaitable for awaitable, _ in level])
            for (_, then), outcome in zip(level, outcomes, strict=True):
                then(outcome)

    async def _outcomes(self, awaitables: list[Awaitable[Any]]) -> Values:
        """What the awaitables of a level give, or the exceptions that they raise."""
        if len(awaitables) > 1:
            awaitables = list(map(begun, awaitables))
        outcomes: Values = []
        try:
            async with asyncio.timeout_at(self.request.deadline):
                for each in awaitables:
                    outcomes.append(await outcome_of(each))
        except TimeoutError:
            late = [outcome_now(each) for each in awaitables[len(outcomes) :]]
            return outcomes + late
        finally:
            for each in awaitables[len(outcomes) :]:
                if isinstance(each, asyncio.Future):
                    each.cancel()
        return outcomes

    # --- The result

    def complete(self, instance: Instance) -> list[dict[str, Any]]:
        """The dicts of the instance's objects; raises where a value is not regular."""
        columns = [
            field.shape.wrap(instance.values[field.index], self._items(instance, field))
            if field.is_composite
            else instance.values[field.index]
            for field in instance.unit.columns
        ]
        return instance.unit.assemble(instance.objects, columns)

    def completed(self, root: Instance) -> dict[str, Any] | None:
        """The response's data; None when not everything in it is regular."""
        if self.failed:
            return None
        try:
            return self.complete(root)[0]
        except Exception:
            return None

    async def settle(self, instance: Instance) -> None:
        """Gets, for all objects, also the leaves that are read only while dicts are made."""
        for field in instance.unit.fields.values():
            if field.is_leaf and field.name != TYPENAME:
                await self._settle_leaf(instance, field)
            for child, _ in instance.children[field.index] if field.is_composite else ():
                await self.settle(child)

    async def _settle_leaf(self, instance: Instance, field: Field) -> None:
        if field.index >= 0:
            values = instance.values[field.index]
        else:
            read = reader(field.attribute or "", instance.unit.layout)
            values = self.attempt(read, instance.objects)
        if values is not UNSTARTED:
            depth = field.shape.depth
            listed = [materialise(value, depth) for value in values]
            values = await settled(listed, depth)
        instance.settled[field.key] = values

    def introspection(self, field: Field) -> Any:
        """The value of a field about the schema, by graphql-core."""
        operation = self.plan.operation
        asked = OperationDefinitionNode(
            operation=OperationType.QUERY,
            variable_definitions=operation.node.variable_definitions,
            directives=(),
            selection_set=SelectionSetNode(selections=tuple(each.node for each in field.nodes)),
        )
        document = DocumentNode(definitions=(asked, *operation.fragments.values()))
        raw = self.request.raw_variables
        result = execute_sync(operation.schema, document, variable_values=raw)
        return result.errors[0] if result.errors else (result.data or {})[field.key]

    def _items(self, instance: Instance, field: Field) -> Values:
        """The dicts of all objects in a column's values, in order."""
        children = instance.children[field.index]
        if len(children) == 1:
            return self.complete(children[0][0])
        items: dict[int, Any] = {}
        for child, positions in children:
            items.update(zip(positions, self.complete(child), strict=True))
        return [items[position] for position in range(len(items))]


def failure_of(field: Field, value: Any, type_: Any, verdict: Any) -> Exception | None:
    """Why the object cannot be completed as one of the type, if so."""
    for each in (type_, verdict):
        if isinstance(each, Exception):
            return each
    return None if verdict else invalid_return_type_error(type_, value, field.nodes)


def is_irregular(kind: type) -> bool:
    """Whether objects of this class are no plain results."""
    return awaits(kind) or issubclass(kind, Exception) or kind is UndefinedType


async def gather(awaitables: Sequence[Awaitable[Any]]) -> list[Any]:
    """For type resolvers: awaits all."""
    return await asyncio.gather(*awaitables)


def track(values: Sequence[Any]) -> None:
    """For type resolvers: lets awaitables that nobody waits for come to their end."""
    for each in values:
        asyncio.ensure_future(each).add_done_callback(
            lambda done: done.cancelled() or done.exception()
        )


HELPERS = GraphQLResolveInfoHelpers(gather=gather, track=track)
