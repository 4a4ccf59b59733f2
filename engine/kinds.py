"""The types of objects that the schema leaves open, and whether objects are of the type they should be."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    default_type_resolver,
)
from graphql.execution.executor import Executor, invalid_return_type_error

from engine.infos import LocatedInfo, located
from engine.shapes import places
from engine.waiting import attempt, awaits, together

if TYPE_CHECKING:
    from engine.instances import Instance
    from engine.run import Run
    from engine.units import Field

Values = list[Any]


@dataclass(slots=True)
class Typed:
    """The `outcomes`: an object, or why it cannot be completed, for each; and those that can, by type."""

    outcomes: Values
    objects: Values
    groups: Mapping[GraphQLObjectType, Sequence[int]]

    @property
    def failed(self) -> bool:
        return len(self.objects) < len(self.outcomes)


def find_types(
    run: "Run", instance: "Instance", field: "Field", objects: Values
) -> Typed | Awaitable[Typed]:
    """The objects of a field's values by their types; GraphQL specification, section 6.4.3."""
    infos = _infos(run, instance, field)
    if isinstance(field.named, GraphQLObjectType):
        return _of_one(field, objects, field.named, infos)
    abstract = field.named
    assert isinstance(abstract, GraphQLInterfaceType | GraphQLUnionType)  # noqa: S101
    resolve = abstract.resolve_type or default_type_resolver
    pairs = zip(objects, infos, strict=True)
    names = attempt(lambda pair: resolve(pair[0], pair[1], abstract), pairs)
    if any(awaits(type(name)) for name in names):
        return _later(field, objects, names, infos)
    return _verified(field, objects, _types(field, objects, names, infos), infos)


def _infos(run: "Run", instance: "Instance", field: "Field") -> list[LocatedInfo]:
    """For each object in the field's values the info of the field that it is from."""
    found = places(instance.values[field.index], field.shape.depth)
    return [located(run, field, instance, place[0]) for place in found]


def _of_one(
    field: "Field", objects: Values, type_: GraphQLObjectType, infos: list[LocatedInfo]
) -> Typed | Awaitable[Typed]:
    """As a rule all objects are of the type that the schema says."""
    is_type_of: Any = type_.is_type_of
    pairs = zip(objects, infos, strict=True)
    verdicts = attempt(lambda pair: is_type_of(*pair), pairs)
    if verdicts.count(True) == len(verdicts):
        return Typed(objects, objects, {type_: range(len(objects))})
    return _judged(field, objects, [type_] * len(objects), verdicts)


async def _later(field: "Field", objects: Values, names: Values, infos: list[LocatedInfo]) -> Typed:
    types = _types(field, objects, await together(names), infos)
    found = _verified(field, objects, types, infos)
    return found if isinstance(found, Typed) else await found


def _types(field: "Field", objects: Values, names: Values, infos: list[LocatedInfo]) -> Values:
    """The object type that each name means, or the failure that it means none."""
    abstract = field.named
    # The method uses nothing of an executor but its schema, which an info has as well.
    schema: Any = infos[0]
    valid: Any = partial(Executor.ensure_valid_runtime_type, schema)

    def type_of(each: tuple[Any, Any, Any]) -> Any:
        name, value, info = each
        return (
            name if isinstance(name, Exception) else valid(name, abstract, field.nodes, info, value)
        )

    return attempt(type_of, zip(names, objects, infos, strict=True))


def _verified(
    field: "Field", objects: Values, types: Values, infos: list[LocatedInfo]
) -> Typed | Awaitable[Typed]:
    """Asks the types whether the objects are theirs."""

    def verdict(each: tuple[Any, Any, Any]) -> Any:
        type_, value, info = each
        if isinstance(type_, Exception) or type_.is_type_of is None:
            return True
        return type_.is_type_of(value, info)

    verdicts = attempt(verdict, zip(types, objects, infos, strict=True))
    return _judged(field, objects, types, verdicts)


def _judged(
    field: "Field", objects: Values, types: Values, verdicts: Values
) -> Typed | Awaitable[Typed]:
    if any(awaits(type(each)) for each in verdicts):
        return _judged_later(field, objects, types, verdicts)
    return _sorted(field, objects, types, verdicts)


async def _judged_later(field: "Field", objects: Values, types: Values, verdicts: Values) -> Typed:
    return _sorted(field, objects, types, await together(verdicts))


def _sorted(field: "Field", objects: Values, types: Values, verdicts: Values) -> Typed:
    outcomes: Values = []
    kept: Values = []
    groups: dict[GraphQLObjectType, list[int]] = {}
    for value, type_, verdict in zip(objects, types, verdicts, strict=True):
        failure = failure_of(field, value, type_, verdict)
        outcomes.append(failure or value)
        if failure is None:
            groups.setdefault(type_, []).append(len(kept))
            kept.append(value)
    return Typed(outcomes, kept, groups)


def failure_of(field: "Field", value: Any, type_: Any, verdict: Any) -> Exception | None:
    """Why the object cannot be completed as one of the type, if so."""
    for each in (type_, verdict):
        if isinstance(each, Exception):
            return each
    return None if verdict else invalid_return_type_error(type_, value, field.nodes)
