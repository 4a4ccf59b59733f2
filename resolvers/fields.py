"""The decorator of fields that have a resolver."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry
from strawberry.permission import BasePermission

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def field(
    description: str,
    returns: Any = None,
    *,
    name: str | None = None,
    permissions: list[type[BasePermission]] | None = None,
    deprecation_reason: str | None = None,
) -> Callable[[Resolver], Resolver]:
    """`strawberry.field` that keeps the resolver's own type and insists on a description.

    `returns` is the GraphQL type where the resolver returns rows, which have none of their own.
    """
    return cast(
        Callable[[Resolver], Resolver],
        strawberry.field(
            name=name,
            description=description,
            graphql_type=returns,
            permission_classes=permissions,
            deprecation_reason=deprecation_reason,
        ),
    )
