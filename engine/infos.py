"""What resolvers are told about their field, besides its arguments."""

import asyncio
from collections.abc import Awaitable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import strawberry
from graphql import GraphQLResolveInfo
from graphql.execution.values import VariableValues
from graphql.pyutils import is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers

from engine.waiting import retrieve

if TYPE_CHECKING:
    from engine.instances import Instance
    from engine.run import Run
    from engine.units import Field, Operation


class Request(NamedTuple):
    """What an execution is given beside its plan; the deadline is on the event loop's clock."""

    context: Any
    root: Any
    raw_variables: dict[str, Any]
    variables: VariableValues
    deadline: float | None


class LocatedInfo(GraphQLResolveInfo):  # type: ignore[type-arg]
    """The info of one object's field; its path is found when it is asked for."""

    instance: "Instance"
    field: "Field"
    position: int

    @property
    def path(self) -> Any:
        """Where the field stands in the response."""
        return self.instance.field_path(self.field, self.position)


def located(run: "Run", field: "Field", instance: "Instance", position: int) -> LocatedInfo:
    """The info of the field of the object in this position."""
    info = tuple.__new__(LocatedInfo, field.info + run.info)
    info.instance, info.field, info.position = instance, field, position
    return info


def info_of_field(field: "Field") -> tuple[Any, ...]:
    """The items of a GraphQLResolveInfo that are the field's own, which come first."""
    return (field.name, field.ast, field.definition.type, field.parent, None)


def info_of_run(operation: "Operation", request: Request) -> tuple[Any, ...]:
    """The other items of a GraphQLResolveInfo, which are the same for all fields."""
    return (
        operation.schema,
        operation.fragments,
        request.root,
        operation.node,
        request.variables,
        request.context,
        is_awaitable,
        None,
        HELPERS,
    )


def lazy(info_class: type[strawberry.Info[Any, Any]]) -> Any:
    """The class of infos as Strawberry's resolvers know them, made of a run, a field and an instance.

    As a rule they are asked for nothing but the context: all else is made when it is asked for, unless
    the class has something to do at the start.
    """
    if info_class.__init__ is not strawberry.Info.__init__ or hasattr(info_class, "__post_init__"):
        return partial(_eager, info_class)
    own = {"context": LazyInfo.own_context} if info_class.context is strawberry.Info.context else {}
    return type(info_class.__name__, (LazyInfo, info_class), own)


def _eager(
    info_class: type[strawberry.Info[Any, Any]], run: "Run", field: "Field", instance: "Instance"
) -> Any:
    return info_class(_raw_info=located(run, field, instance, 0), _field=field.strawberry)  # type: ignore[arg-type]


class LazyInfo:
    """The info of the field of an instance's first object."""

    def __init__(self, run: "Run", field: "Field", instance: "Instance") -> None:
        self._field = field.strawberry
        self._of = (run, field, instance)

    @property
    def own_context(self) -> Any:
        """The context, without anything else."""
        return self._of[0].request.context

    @cached_property
    def _raw_info(self) -> LocatedInfo:
        return located(*self._of, 0)


async def gather(awaitables: Sequence[Awaitable[Any]]) -> list[Any]:
    """Awaits all."""
    return await asyncio.gather(*awaitables)


def track(values: Sequence[Any]) -> None:
    """Lets awaitables that nobody waits for come to their end."""
    for each in values:
        asyncio.ensure_future(each).add_done_callback(retrieve)


HELPERS = GraphQLResolveInfoHelpers(gather=gather, track=track)
