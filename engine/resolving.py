"""The ways to get a field's values for all objects of an instance."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Final

from strawberry.permission import PermissionExtension
from strawberry.types.arguments import convert_arguments

from engine.fields import Batched, Call, Same, check_count
from engine.records import Columns

if TYPE_CHECKING:
    from engine.instances import Instance
    from engine.plan import Field
    from engine.run import Run

INTROSPECTION: Final = ("__schema", "__type")

Values = list[Any]
# An exception in the place of a value is the failure to get it.
Start = Callable[["Run", "Instance"], Values | Awaitable[Values]]


def starter(field: "Field", layout: Columns | None) -> Start:
    """How the values of a field are got from objects that are laid out like this."""
    if field.name in INTROSPECTION:
        return partial(_introspect, field)
    if field.attribute is not None:
        return partial(_attribute, reader(field.attribute, layout))
    match field.declared:
        case Same(unless=unless) if not field.has_extensions:
            is_null = None if unless is None else reader(field.prefix + unless, layout)
            return partial(_same, is_null)
        case Batched() if _only_permissions(field):
            return partial(_batched, field)
    return partial(_each, field)


def _only_permissions(field: "Field") -> bool:
    extensions = field.strawberry.extensions if field.strawberry is not None else ()
    return all(type(extension) is PermissionExtension for extension in extensions)


def reader(name: str, layout: Columns | None) -> Callable[[Any], Any]:
    """Reads the attribute of objects, or the column of rows with this layout."""
    return attrgetter(name) if layout is None else itemgetter(layout.index(name))


def _attribute(read: Callable[[Any], Any], run: "Run", instance: "Instance") -> Values:
    return run.attempt(read, instance.objects)


def _same(unless: Callable[[Any], Any] | None, _: "Run", instance: "Instance") -> Values:
    if unless is None:
        return instance.objects
    return [None if unless(each) is None else each for each in instance.objects]


def _introspect(field: "Field", run: "Run", _: "Instance") -> Values:
    return [run.introspection(field)]


def _each(field: "Field", run: "Run", instance: "Instance") -> Values:
    """Calls the field's own resolver for each object, as stock execution does."""
    resolve = field.definition.resolve or run.field_resolver
    arguments = run.arguments(field)
    infos = run.infos(field, instance)
    pairs = zip(instance.parents(), infos, strict=True)
    return run.attempt(lambda pair: resolve(*pair, **arguments), pairs)


def _batched(field: "Field", run: "Run", instance: "Instance") -> Values | Awaitable[Values]:
    arguments, info = run.arguments(field), run.info(field, instance)
    strawberry = field.strawberry
    assert strawberry is not None  # noqa: S101 - it carries the declaration
    own = run.strawberry_info(info, strawberry)
    if field.definition.args:
        arguments = _converted(strawberry, arguments, own, run)
    if not strawberry.extensions:
        return _resolve(field, instance, range(len(instance.objects)), own, arguments)
    return _permitted(field, instance, own, arguments)


def _converted(strawberry: Any, arguments: dict[str, Any], own: Any, run: "Run") -> dict[str, Any]:
    """The arguments as Strawberry gives them to a resolver: by Python name, inputs as objects."""
    return convert_arguments(
        arguments,
        strawberry.arguments,
        scalar_registry=run.strawberry_schema.schema_converter.scalar_registry,
        config=run.strawberry_schema.config,
        info=own,
    )


def _resolve(
    field: "Field", instance: "Instance", chosen: Sequence[int], own: Any, arguments: dict[str, Any]
) -> Values | Awaitable[Values]:
    """Resolves the field for the chosen objects; as many values as these."""
    declared: Batched = field.declared
    given = _given(field, instance)
    if len(chosen) < len(given):
        given = [given[index] for index in chosen]
    results = declared.resolve(given, Call(own, field.layout), **arguments)
    if hasattr(results, "__await__"):
        return Counted(results, field.coordinate, len(given))
    check_count(field.coordinate, results, len(given))
    return list(results)


def _given(field: "Field", instance: "Instance") -> Values:
    key = field.declared.key
    if key is None:
        return instance.parents()
    return list(map(reader(field.prefix + key, instance.unit.layout), instance.objects))


class Counted:
    """Awaits a batch and checks the number of its results."""

    __slots__ = ("awaitable", "field", "parents")

    def __init__(self, awaitable: Any, field: str, parents: int) -> None:
        self.awaitable = awaitable
        self.field = field
        self.parents = parents

    def __await__(self) -> Any:
        results = yield from self.awaitable.__await__()
        check_count(self.field, results, self.parents)
        return results


async def _permitted(
    field: "Field", instance: "Instance", own: Any, arguments: dict[str, Any]
) -> Values:
    """Asks the permissions for each object, then resolves those that are allowed together."""
    values = [await each for each in _verdicts(field, instance, own, arguments)]
    allowed = [index for index, value in enumerate(values) if value is ALLOWED]
    if allowed:
        results: Any = _resolve(field, instance, allowed, own, arguments)
        for index, result in zip(
            allowed, await results if hasattr(results, "__await__") else results, strict=True
        ):
            values[index] = result
    return values


ALLOWED: Final = object()


def _verdicts(
    field: "Field", instance: "Instance", own: Any, arguments: dict[str, Any]
) -> Iterable[Awaitable[Any]]:
    """For each object ALLOWED, what is to be given in place of its value, or the exception."""
    strawberry = field.strawberry
    assert strawberry is not None  # noqa: S101 - it carries the declaration
    chain: Any = _allow_async if strawberry.is_async else _allow
    for extension in strawberry.extensions:
        step = extension.resolve_async if strawberry.is_async else extension.resolve
        chain = partial(step, chain)
    return [_verdict(chain, parent, own, arguments) for parent in instance.parents()]


async def _verdict(chain: Any, parent: Any, own: Any, arguments: dict[str, Any]) -> Any:
    try:
        verdict = chain(parent, own, **arguments)
        return await verdict if hasattr(verdict, "__await__") else verdict
    except Exception as error:
        return error


def _allow(*_: Any, **__: Any) -> Any:
    return ALLOWED


async def _allow_async(*_: Any, **__: Any) -> Any:
    return ALLOWED
