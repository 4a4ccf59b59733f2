"""Who may do what: permission classes for fields, pure predicates over the viewer and the parent."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import strawberry
from strawberry.permission import BasePermission

from db.errors import StepUpRequired, Unauthenticated
from db.viewer import Viewer

PROOF_LASTS: Final = timedelta(minutes=10)
"""How long after they have proven who they are people may do what is dangerous."""


class IsAuthenticated(BasePermission):
    """The request names a viewer."""

    def has_permission(self, source: Any, info: strawberry.Info[Any, Any], **kwargs: Any) -> bool:
        return info.context.viewer is not None

    def on_unauthorized(self) -> None:
        raise Unauthenticated("Sign in to see this.")


class HasProvenRecently(BasePermission):
    """The viewer has proven who they are, in this session, within PROOF_LASTS; a key never has.

    Who has a second factor has proven it with that.
    """

    def has_permission(self, source: Any, info: strawberry.Info[Any, Any], **kwargs: Any) -> bool:
        viewer: Viewer | None = info.context.viewer
        if viewer is None or viewer.session_id is None or viewer.proven_at is None:
            return False
        is_recent = datetime.now(UTC) - viewer.proven_at <= PROOF_LASTS
        return is_recent and (viewer.strong or not viewer.has_second_factor)

    def on_unauthorized(self) -> None:
        raise StepUpRequired("Prove again who you are, with stepUp, and try once more.")
