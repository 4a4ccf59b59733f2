"""How the types of the schema declare their fields; each declaration insists on a description.

Stock Strawberry runs them object by object, the engine level by level: see `engine.fields`, and
CONTRIBUTING.md for which one to take.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypedDict, TypeVar, Unpack, cast

import strawberry
from strawberry.permission import BasePermission

from engine import fields as engine
from engine.cost import ListSize
from loaders.base import Loader

# For lists that are short by nature: how many items to count for the cost of an operation.
SHORT = ListSize(assumed_size=10, require_one_slicing_argument=strawberry.UNSET)

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


class Options(TypedDict, total=False):
    """What any field may have besides, as `strawberry.field` takes it."""

    name: str
    deprecation_reason: str
    directives: Sequence[object]


def field(
    description: str,
    returns: Any = None,
    *,
    reads: Sequence[str] | None = None,
    permissions: list[type[BasePermission]] | None = None,
    **options: Unpack[Options],
) -> Callable[[Resolver], Resolver]:
    """`strawberry.field` that keeps the resolver's own type.

    `returns` is the GraphQL type where the resolver returns rows, which have none of their own.
    `reads` are the columns that the resolver reads of its parent, exactly, where that is a row.
    """
    declared = {} if reads is None else {engine.DECLARATION: engine.Reads(tuple(reads))}
    return cast(
        Callable[[Resolver], Resolver],
        strawberry.field(
            description=description,
            graphql_type=returns,
            permission_classes=permissions,
            metadata=declared,
            **options,
        ),
    )


def constant(value: object, description: str, **options: Unpack[Options]) -> Any:
    """A field that is the same for all; its class annotates it."""
    return field(description, reads=(), **options)(lambda: value)


def column(name: str, description: str, **options: Unpack[Options]) -> Any:
    """The row's column `name`, where the field is called otherwise; its class annotates it."""
    return engine.column(name, description=description, **options)


def same(
    description: str, *, prefix: str = "", unless: str | None = None, **options: Unpack[Options]
) -> Any:
    """A part of the row as a type of its own; its class annotates it.

    The names of the columns that the type reads start with `prefix`. The field is null where the
    column `unless` is null.
    """
    return engine.same(prefix=prefix, unless=unless, typed=True, description=description, **options)


def related(
    description: str,
    loader: type[Loader[Any]],
    *,
    key: str = "id",
    prefix: str = "",
    **options: Unpack[Options],
) -> Any:
    """The row or rows that `loader` has for the row's column `key`; its class annotates the field.

    The names of the columns that the field's type reads start with `prefix`.
    """
    return engine.relation(
        _getter(loader),
        key=key,
        rows=True,
        loader=loader,
        prefix=prefix,
        description=description,
        **options,
    )


def relation(
    description: str, returns: Any, *, rows: bool = True, **options: Unpack[Options]
) -> Callable[[Callable[..., Loader[Any]]], Any]:
    """What a loader with parameters has for the parent's id.

    Decorates a function that takes the info and the field's arguments, and gives the loader. `rows`
    says whether the loader gives rows.
    """

    def declare(load: Callable[..., Loader[Any]]) -> Any:
        return engine.relation(
            load, key="id", rows=rows, description=description, graphql_type=returns, **options
        )

    return declare


def lookup(
    description: str, returns: Any, **options: Unpack[Options]
) -> Callable[[Callable[..., tuple[Loader[Any], str | None]]], Any]:
    """The row that a loader has for a key given as argument; null where the key is None.

    Decorates a function that takes the info and the field's arguments, and gives loader and key.
    """

    def declare(load: Callable[..., tuple[Loader[Any], str | None]]) -> Any:
        return engine.lookup(
            load, rows=True, description=description, graphql_type=returns, **options
        )

    return declare


def derived(
    description: str,
    loader: type[Loader[Any]],
    returns: Any = None,
    *,
    key: str = "id",
    reads: Sequence[str] = (),
    columns: Sequence[str],
    **options: Unpack[Options],
) -> Callable[[Callable[[Any, Any], Any]], Any]:
    """Made from the row and what `loader` has for its column `key`, by the function decorated.

    That reads `key` and `reads` of the row, and `columns` of the row or rows loaded: exactly these.
    `returns` as in `field`.
    """

    def declare(derive: Callable[[Any, Any], Any]) -> Any:
        return engine.derived(
            derive,
            _getter(loader),
            key=key,
            reads=reads,
            columns=columns,
            loader=loader,
            description=description,
            graphql_type=returns or derive.__annotations__["return"],
            **options,
        )

    return declare


def _getter(loader: type[Loader[Any]]) -> Callable[[strawberry.Info[Any, Any]], Any]:
    return lambda info: info.context.loaders(loader)
