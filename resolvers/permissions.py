"""Who may do what: permission classes for fields, pure predicates over the viewer and the parent."""

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry.permission import BasePermission

from db.errors import Forbidden, Unauthenticated


class IsAuthenticated(BasePermission):
    """The request names a viewer."""

    def has_permission(self, source: Any, info: strawberry.Info[Any, Any], **kwargs: Any) -> bool:
        return info.context.viewer is not None

    def on_unauthorized(self) -> None:
        raise Unauthenticated("Sign in to see this.")


class IsInPerson(BasePermission):
    """The viewer is signed in themselves: a key that acts for them may not do this."""

    def has_permission(self, source: Any, info: strawberry.Info[Any, Any], **kwargs: Any) -> bool:
        viewer = info.context.viewer
        return viewer is not None and viewer.key_id is None

    def on_unauthorized(self) -> None:
        raise Forbidden("An API key cannot do this: sign in.")


class CanManageMembers(BasePermission):
    """The viewer may decide who belongs to the publication that the arguments name.

    Whoever has no role there goes on to the write, which knows whether there is such a publication,
    and reads the viewer's role anew.
    """

    def has_permission(self, source: Any, info: strawberry.Info[Any, Any], **kwargs: Any) -> bool:
        viewer = info.context.viewer
        publication_id = publication_of(kwargs)
        return viewer is not None and (
            viewer.manages(publication_id) or publication_id not in viewer.roles
        )

    def on_unauthorized(self) -> None:
        raise Forbidden("Only the publication's owner can do this.")


def publication_of(arguments: Mapping[str, Any]) -> str:
    """The publication that a mutation's arguments name: in its input, or beside none."""
    given = arguments.get("input")
    named: str = arguments["publication_id"] if given is None else given.publication_id
    return named
