"""One execution of a plan: level by level, each field once a level for all of its objects."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from types import NoneType
from typing import Any, Final

from graphql import OperationType

from engine.completion import complete_field
from engine.errors import DeadlineExceededError
from engine.fields import check_count
from engine.infos import Request, info_of_run
from engine.instances import UNSTARTED, Instance
from engine.kinds import Typed, find_types
from engine.plan import Plan
from engine.shapes import Irregular, materialise, replace, sift
from engine.tracer import Trace
from engine.units import Field, Unit
from engine.waiting import (
    PLAIN,
    abandon,
    are_plain,
    awaits,
    begun,
    needs_waiting,
    outcome_now,
    outcomes_of,
    settled,
    together,
    without_waiting,
)

Values = list[Any]
Then = Callable[[Any], None]
# Whether the root is null, given what there is of it so far.
IsNull = Callable[[Instance], Awaitable[bool]]

# What has been waited for: values, or the items of lists in them as well. What an awaitable gives is
# a value, even if it is awaitable.
ITSELF: Final = 1
ITEMS: Final = 2


class Run:
    """Gets the values of all fields of an operation; `failed` tells that some are not regular."""

    def __init__(
        self,
        plan: Plan,
        request: Request,
        strawberry_schema: Any,
        info_class: Any,
        is_null: IsNull,
        trace: Trace | None = None,
    ) -> None:
        self.plan = plan
        self.trace = trace
        self.is_null = is_null
        self.request = request
        self.strawberry_schema = strawberry_schema
        self.info_class = info_class
        self.failed = False
        self.is_late = False
        self.root = Instance(plan.root, [request.root])
        self.pending: list[tuple[Awaitable[Any], Then]] = []

    @cached_property
    def info(self) -> tuple[Any, ...]:
        """What resolvers are told of all fields alike."""
        return info_of_run(self.plan.operation, self.request)

    async def execute(self) -> Instance:
        """Gets everything, and gives the instance of the root.

        What has no value at the deadline fails with a DeadlineExceededError.
        """
        root = self.root
        if self.trace is not None:
            self.trace.level()
        try:
            async with asyncio.timeout_at(self.request.deadline):
                await self._execute(root)
        except TimeoutError:
            self._give_up(root)
        return root

    def release(self) -> None:
        """Ends what is still pending; leaves nothing to the garbage collector."""
        abandon(awaitable for awaitable, _ in self.pending)
        self.pending = []
        self.root.release()

    async def _execute(self, root: Instance) -> None:
        """Mutations one after the other, until one nulls the response.

        GraphQL specification, sections 6.2.2 and 6.4.4.
        """
        if self.plan.operation.node.operation is not OperationType.MUTATION:
            self.start(root)
            return await self._drain()
        for field in root.unit.first:
            self.start_field(root, field)
            await self._drain()
            if field.shape.required[0] and await self._is_null(root, field):
                return None
        return None

    async def _is_null(self, root: Instance, field: Field) -> bool:
        if not self.failed:
            with suppress(Exception):  # A closer look tells what it means.
                complete_field(root, field)
                return False
        return await self.is_null(root)

    def _give_up(self, root: Instance) -> None:
        """Takes what is there; what would take waiting from now on fails."""
        self.is_late = True
        while self.pending:
            late, self.pending = self.pending, []
            for awaitable, then in late:
                then(outcome_now(awaitable))
        for field in root.unit.first:
            if root.values[field.index] is UNSTARTED:
                self._arrived(root, field, DeadlineExceededError())

    # --- From objects to the values of their fields

    def start(self, instance: Instance) -> None:
        """Gets the values of the columns that wait for no other; what takes waiting becomes pending."""
        self._start(instance, instance.unit.first)

    def _start(self, instance: Instance, fields: Sequence[Field]) -> None:
        for field in fields:
            self.start_field(instance, field)

    def start_field(self, instance: Instance, field: Field) -> None:
        """Gets the values of one column."""
        if self.trace is not None:
            self.trace.start(instance, field)
        try:
            values: Any = field.start(field, self, instance)
        except Exception as error:
            values = error
        if type(values) is not list and awaits(type(values)):
            self._wait(instance, field, values, 0)
        else:
            self._arrived(instance, field, values)

    def _wait(
        self, instance: Instance, field: Field, values: Awaitable[Values], waited: int
    ) -> None:
        """Takes the values when they are there, lists waited for to this depth."""
        if self.is_late:
            abandon([values])
            return self._arrived(instance, field, DeadlineExceededError())
        self.pending.append((values, partial(self._arrived, instance, field, waited=waited)))
        return None

    def _arrived(self, instance: Instance, field: Field, values: Any, waited: int = 0) -> None:
        """Takes a column's values; an exception instead of them is the failure of each."""
        objects = len(instance.objects)
        if type(values) is not list or len(values) != objects:
            values = self._counted(field, values, objects)
        instance.values[field.index] = values
        if self.trace is not None:
            self.trace.arrive(instance, field, values)
        kinds = set(map(type, values))
        if not (kinds <= PLAIN or are_plain(kinds)):
            self._inspect(instance, field, values, waited)
        elif field.is_composite:
            self._descend(instance, field, values, kinds, waited)

    def _counted(self, field: Field, values: Any, objects: int) -> Values:
        """A value for each object, or why there are none, for each."""
        try:
            if not isinstance(values, Exception):
                check_count(field.coordinate, values, objects)
                return list(values)
        except Exception as error:
            values = error
        self.failed = True
        return [values] * objects

    def _inspect(self, instance: Instance, field: Field, values: Values, waited: int) -> None:
        """Waits for values that are awaitable, finds failures."""
        if not waited and any(awaits(type(value)) for value in values):
            if self.is_late:
                return self._arrived(instance, field, list(map(without_waiting, values)))
            return self._wait(instance, field, together(values), ITSELF)
        self.failed = self.failed or any(isinstance(value, Exception) for value in values)
        return self._sort_out(instance, field, values, waited) if field.is_composite else None

    # --- From values to the objects in them

    def _descend(
        self, instance: Instance, field: Field, values: Values, kinds: set[type], waited: int
    ) -> None:
        """Makes instances of the objects in a column's values, and starts them."""
        if field.opened is not None and NoneType not in kinds:
            return self._start(instance, field.opened)
        try:
            objects, kinds = field.shape.flatten(values, kinds)
        except Irregular:
            return self._sort_out(instance, field, values, waited)
        if not (kinds <= PLAIN or are_plain(kinds)):
            return self._sort_out(instance, field, values, waited)
        return self._typed(instance, field, objects)

    def _sort_out(self, instance: Instance, field: Field, values: Values, waited: int) -> None:
        """Goes through values one by one: waits for those that take it, finds those that failed."""
        depth = field.shape.depth
        listed = [materialise(value, depth) for value in values]
        if waited < ITEMS and any(needs_waiting(value, depth) for value in listed):
            return self._wait(instance, field, settled(listed, depth, waited), ITEMS)
        objects: Values = []
        sifted = [sift(value, depth, field.coordinate, objects.append) for value in listed]
        instance.values[field.index] = sifted
        self.failed = self.failed or not field.shape.is_regular(sifted, len(objects))
        return self._typed(instance, field, objects)

    def _typed(self, instance: Instance, field: Field, objects: Values) -> None:
        """Finds the types of the objects, where they are not known from the schema."""
        unit = field.unit
        if field.opened is not None:  # Not for every object: the dicts are made by the second look.
            self.failed = True
            unit = self.plan.unit_of(field)
        if unit is not None and field.is_typed:
            positions = range(len(objects))
            child = Instance(unit, objects, instance, field, positions)
            instance.children[field.index] = [(child, positions)]
            if objects and unit.columns:
                self.start(child)
            return
        if not objects:
            return
        found = find_types(self, instance, field, objects)
        if isinstance(found, Typed):
            self._enter(instance, field, found)
        else:
            self.pending.append((found, partial(self._enter, instance, field)))

    def _enter(self, instance: Instance, field: Field, found: Typed | Exception) -> None:
        """Makes an instance for the objects of each type; failures take the place of the others."""
        if isinstance(found, Exception):
            return self._arrived(instance, field, found)
        if found.failed:
            self.failed = True
            values = instance.values[field.index]
            outcomes = iter(found.outcomes)
            instance.values[field.index] = replace(values, outcomes, field.shape.depth + 1)
        instance.children[field.index] = []
        for type_, positions in found.groups.items():
            unit = field.unit or self.plan.unit(type_, field.nodes, None)
            objects = [found.objects[each] for each in positions]
            self._begin(instance, field, unit, objects, positions)
        return None

    def _begin(
        self,
        instance: Instance,
        field: Field,
        unit: Unit,
        objects: Values,
        positions: Sequence[int],
    ) -> None:
        child = Instance(unit, objects, instance, field, positions)
        instance.children[field.index].append((child, positions))
        if objects:
            self.start(child)

    # --- Levels

    async def _drain(self) -> None:
        """Waits for what is pending, and for what that leads to, level by level."""
        while self.pending:
            level = self.pending
            if len(level) > 1:
                level = self.pending = [(begun(awaitable), then) for awaitable, then in level]
            try:
                outcomes = await outcomes_of([awaitable for awaitable, _ in level])
            except BaseException:
                abandon(awaitable for awaitable, _ in level)
                raise
            self.pending = []
            if self.trace is not None:
                self.trace.level()
            for (_, then), outcome in zip(level, outcomes, strict=True):
                then(outcome)
