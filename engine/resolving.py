"""The ways to get a field's values for all objects of an instance."""

from collections.abc import Awaitable, Callable, Generator, Iterable
from functools import partial
from inspect import signature
from itertools import repeat
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Final

from graphql import GraphQLSchema, default_field_resolver, is_object_type
from strawberry.permission import PermissionExtension
from strawberry.types.field import StrawberryField

from engine.arguments import Given, coerced, converted
from engine.fields import Batched, Call, Following, Same, check_count
from engine.infos import located
from engine.introspection import INTROSPECTION, introspect
from engine.records import Columns
from engine.waiting import attempt, awaits, together

if TYPE_CHECKING:
    from engine.instances import Instance
    from engine.run import Run
    from engine.units import Field

Values = list[Any]
# An exception in the place of a value is the failure to get it.
Start = Callable[["Field", "Run", "Instance"], Values | Awaitable[Values]]
# What a batched field is resolved for.
Giver = Callable[["Instance"], Values]


def starter(field: "Field", layout: Columns | None, schema: GraphQLSchema) -> Start:
    """How the values of a field are got from objects that are laid out like this.

    It is given the field, and so need not know it: nothing of a plan is left to the garbage collector.
    """
    if field.name in INTROSPECTION:
        return _introspect
    if field.attribute is not None:
        return partial(_attribute, reader(field.attribute, layout))
    match field.declared:
        case Same(unless=unless) if not field.has_extensions and is_object_type(field.named):
            is_null = None if unless is None else reader(field.prefix + unless, layout)
            return partial(_same, is_null)
        case Batched() if _only_permissions(field):
            kind = _guarded if field.has_extensions else _batched
            return partial(kind, _giver(field, layout))
    function = _function(field, schema)
    if function is not None:
        return partial(_direct, function)
    return _each


def _only_permissions(field: "Field") -> bool:
    extensions = field.strawberry.extensions if field.strawberry is not None else ()
    return all(type(extension) is PermissionExtension for extension in extensions)


def reader(name: str, layout: Columns | None) -> Callable[[Any], Any]:
    """Reads the attribute of objects, or the column of rows with this layout."""
    return attrgetter(name) if layout is None else itemgetter(layout.index(name))


def _attribute(
    read: Callable[[Any], Any], _field: "Field", _run: "Run", instance: "Instance"
) -> Values:
    return attempt(read, instance.objects)


def _same(
    unless: Callable[[Any], Any] | None, _field: "Field", _run: "Run", instance: "Instance"
) -> Values:
    if unless is None:
        return instance.objects
    return [None if unless(each) is None else each for each in instance.objects]


def _introspect(field: "Field", run: "Run", _: "Instance") -> Values:
    return [introspect(run.plan.operation, run.request, field)]


def _direct(
    function: Callable[[Any], Any], field: "Field", _run: "Run", instance: "Instance"
) -> Values:
    return attempt(function, instance.parents(field.prefix))


def _function(field: "Field", schema: GraphQLSchema) -> Callable[[Any], Any] | None:
    """The resolver as a function of the object alone, where stock execution would add nothing to it."""
    own = field.strawberry
    if own is None or own.base_resolver is None or own.extensions:
        return None
    is_stock = type(own).get_result is StrawberryField.get_result
    if not is_stock or getattr(schema, "_strawberry_schema").exception_handlers:  # noqa: B009
        return None
    resolver = own.base_resolver
    function: Any = resolver.wrapped_func
    taken = len(signature(function).parameters)
    if resolver.info_parameter is not None or resolver.arguments or taken > 1:
        return None
    return function if taken else lambda _: function()


def _each(field: "Field", run: "Run", instance: "Instance") -> Values:
    """Calls the field's own resolver for each object, as stock execution does."""
    resolve = field.definition.resolve or default_field_resolver
    arguments = coerced(field, run.request.variables)
    # A resolver may change what it is given, but not what the next one gets.
    is_shared = MUTABLE.isdisjoint(map(type, arguments.values()))

    def call(pair: tuple[int, Any]) -> Any:
        position, parent = pair
        info = located(run, field, instance, position)
        own = arguments if is_shared else coerced(field, run.request.variables)
        return resolve(parent, info, **own)

    return attempt(call, enumerate(instance.parents(field.prefix)))


def _batched(
    give: Giver, field: "Field", run: "Run", instance: "Instance"
) -> Values | Awaitable[Values]:
    info = run.info_class(run, field, instance)
    arguments = converted(field, run.request.variables, run.strawberry_schema, info)
    values: Values | Awaitable[Values] = _resolve(
        field, run, instance, give(instance), info, arguments
    )
    return values


def _guarded(
    give: Giver, field: "Field", run: "Run", instance: "Instance"
) -> Values | Awaitable[Values]:
    """As `_batched`, for those objects whose permissions allow it."""
    info = run.info_class(run, field, instance)
    arguments = converted(field, run.request.variables, run.strawberry_schema, info)
    return _permitted(field, give, run, instance, info, arguments)


def _resolve(
    field: "Field",
    run: "Run",
    instance: "Instance",
    given: Values,
    own: Any,
    arguments: Given,
) -> Any:
    """Resolves the field for parents, or their keys; as many values as these, or a promise of them."""
    declared: Batched = field.declared
    if run.trace is not None and declared.key is not None:
        run.trace.load(instance, field, given)
    call = Call(own, field.layout)
    if declared.prepare is not None:
        return declared.resolve(given, call, arguments.prepared(declared.prepare))
    return declared.resolve(given, call, **arguments.values)


def _giver(field: "Field", layout: Columns | None) -> Giver:
    """What the field is resolved for: keys of objects that are laid out like this, or themselves, or
    the values of another column.
    """
    prefix, key, given = field.prefix, field.declared.key, field.given
    if given >= 0:
        return lambda instance: instance.values[given]
    if key is None:
        return lambda instance: instance.parents(prefix)
    read = reader(prefix + key, layout)
    return lambda instance: list(map(read, instance.objects))


def _permitted(
    field: "Field",
    give: Giver,
    run: "Run",
    instance: "Instance",
    own: Any,
    arguments: Given,
) -> Values | Awaitable[Values]:
    """Asks the permissions for each object, then resolves those that are allowed together."""
    chain = _chain(field)
    verdicts = attempt(
        lambda parent: chain(parent, own, **arguments.values), instance.parents(field.prefix)
    )
    if any(awaits(type(verdict)) for verdict in verdicts):
        return _permitted_later(field, give, run, instance, verdicts, own, arguments)
    return _allowed(field, give, run, instance, verdicts, own, arguments)


async def _permitted_later(
    field: "Field",
    give: Giver,
    run: "Run",
    instance: "Instance",
    verdicts: Values,
    own: Any,
    arguments: Given,
) -> Values:
    values = _allowed(field, give, run, instance, await together(verdicts), own, arguments)
    return values if isinstance(values, list) else await values


def _allowed(
    field: "Field",
    give: Giver,
    run: "Run",
    instance: "Instance",
    verdicts: Values,
    own: Any,
    arguments: Given,
) -> Values | Awaitable[Values]:
    """The verdicts, each ALLOWED of them replaced by the value; what fails, fails for these only."""
    places = [index for index, verdict in enumerate(verdicts) if verdict is ALLOWED]
    if not places:
        return verdicts

    def filled(results: Any) -> Values:
        check_count(field.coordinate, results, len(places))
        return fill(results)

    def fill(results: Iterable[Any]) -> Values:
        values = list(verdicts)
        for index, result in zip(places, results, strict=False):
            values[index] = result
        return values

    try:
        given = give(instance)
        results = _resolve(field, run, instance, [given[each] for each in places], own, arguments)
        return Guarded(results, filled, fill) if awaits(type(results)) else filled(results)
    except Exception as error:
        return fill(repeat(error))


class Guarded(Following):
    """As Following; a failure, too, is handed on as the values of those whom it concerns."""

    __slots__ = ("_fill",)

    def __init__(
        self,
        awaitable: Awaitable[Any],
        follow: Callable[[Any], Values],
        fill: Callable[[Iterable[Any]], Values],
    ) -> None:
        super().__init__(awaitable, follow)
        self._fill = fill

    def __await__(self) -> Generator[Any, None, Any]:
        try:
            return (yield from super().__await__())
        except Exception as error:
            return self._fill(repeat(error))


ALLOWED: Final = object()
MUTABLE: Final = frozenset({list, dict})


def _chain(field: "Field") -> Callable[..., Any]:
    """The permissions as one function: ALLOWED, or what is to be given in place of the value."""
    strawberry = field.strawberry
    assert strawberry is not None  # noqa: S101 - it carries the declaration
    chain: Any = _allow_async if strawberry.is_async else _allow
    for extension in strawberry.extensions:
        step = extension.resolve_async if strawberry.is_async else extension.resolve
        chain = partial(step, chain)
    permit: Callable[..., Any] = chain
    return permit


def _allow(*_: Any, **__: Any) -> Any:
    return ALLOWED


async def _allow_async(*_: Any, **__: Any) -> Any:
    return ALLOWED
