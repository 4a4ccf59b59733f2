"""Who may do what: permission classes for fields, pure predicates over the viewer and the parent."""

from typing import Any

import strawberry
from strawberry.permission import BasePermission

from db.errors import Unauthenticated


class IsAuthenticated(BasePermission):
    """The request names a viewer."""

    def has_permission(self, source: Any, info: strawberry.Info[Any, Any], **kwargs: Any) -> bool:
        return info.context.viewer is not None

    def on_unauthorized(self) -> None:
        raise Unauthenticated("Sign in to see this.")
