"""Who may do what: permission classes for fields, pure predicates over the viewer and the parent.

Every mutation declares them, `Anyone` where it is for all; docs/permissions.md is made of them.
"""

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, ClassVar, Final

import strawberry
from strawberry.permission import BasePermission

from db.errors import DomainError, Forbidden, StepUpRequired, Unauthenticated
from db.viewer import Viewer

PROOF_LASTS: Final = timedelta(minutes=10)
"""How long after they have proven who they are people may do what is dangerous."""


@strawberry.enum(
    description="What an API key may do for its person, who may do no less themselves."
)
class ApiScope(Enum):
    ADMIN = strawberry.enum_value(
        "ADMIN", description="What administrators may do; for keys of administrators only."
    )
    COMMENTS_WRITE = strawberry.enum_value(
        "COMMENTS_WRITE", description="Write, change and remove comments, and react."
    )
    CONTENT_READ = strawberry.enum_value(
        "CONTENT_READ", description="See what members see: drafts, hidden pages, private members."
    )
    CONTENT_WRITE = strawberry.enum_value(
        "CONTENT_WRITE", description="Write, publish and remove drafts, posts, series and pages."
    )
    MEMBERS_WRITE = strawberry.enum_value(
        "MEMBERS_WRITE", description="Invite people, change their roles, remove them."
    )
    PROFILE_READ = strawberry.enum_value(
        "PROFILE_READ", description="See what only the person sees of themselves."
    )
    PROFILE_WRITE = strawberry.enum_value(
        "PROFILE_WRITE", description="Change the person's profile."
    )
    SETTINGS_WRITE = strawberry.enum_value(
        "SETTINGS_WRITE", description="Change publications: settings, redirects, webhooks."
    )


class Permission(BasePermission):
    """A predicate over the viewer. A field lists the ones that must all hold, the plainest first."""

    error: ClassVar[type[DomainError]] = Forbidden
    message: ClassVar[str] = ""

    def has_permission(self, source: Any, info: strawberry.Info[Any, Any], **kwargs: Any) -> bool:
        return self.allows(info.context.viewer)

    def allows(self, viewer: Viewer | None) -> bool:
        """Whether the viewer may."""
        raise NotImplementedError

    def on_unauthorized(self) -> None:
        raise self.error(self.message)


class Anyone(Permission):
    """Everybody, the public too: said, so that it is not forgotten."""

    def allows(self, viewer: Viewer | None) -> bool:
        return True


class IsAuthenticated(Permission):
    """The request names a viewer."""

    error = Unauthenticated
    message = "Sign in to see this."

    def allows(self, viewer: Viewer | None) -> bool:
        return viewer is not None


class IsInPerson(Permission):
    """The viewer is signed in themselves: a key that acts for them may not do this."""

    message = "An API key cannot do this: sign in."

    def allows(self, viewer: Viewer | None) -> bool:
        return viewer is not None and viewer.key_id is None


class HasProvenRecently(Permission):
    """The viewer has proven who they are, in this session, within PROOF_LASTS; a key never has.

    Who has a second factor has proven it with that.
    """

    error = StepUpRequired
    message = "Prove again who you are, with stepUp, and try once more."

    def allows(self, viewer: Viewer | None) -> bool:
        if viewer is None or viewer.session_id is None or viewer.proven_at is None:
            return False
        is_recent = datetime.now(UTC) - viewer.proven_at <= PROOF_LASTS
        return is_recent and (viewer.strong or not viewer.has_second_factor)


class IsAdmin(Permission):
    """The viewer is an administrator of the deployment, or an administrator's key with that scope."""

    message = "Only administrators can do this."

    def allows(self, viewer: Viewer | None) -> bool:
        return viewer is not None and viewer.is_admin


class HasScope(Permission):
    """The viewer is signed in themselves, or the key that acts for them has the scope."""

    scope: ClassVar[ApiScope]

    def allows(self, viewer: Viewer | None) -> bool:
        return viewer is not None and (viewer.scopes is None or self.scope.name in viewer.scopes)


def _scope(wanted: ApiScope) -> type[HasScope]:
    message = f"This key lacks the scope {wanted.name}."
    return type(f"HasScope{wanted.name}", (HasScope,), {"scope": wanted, "message": message})


# What keys need beside their person's right; people themselves pass.
ReadsProfile = _scope(ApiScope.PROFILE_READ)
WritesProfile = _scope(ApiScope.PROFILE_WRITE)
WritesContent = _scope(ApiScope.CONTENT_WRITE)
WritesComments = _scope(ApiScope.COMMENTS_WRITE)
WritesMembers = _scope(ApiScope.MEMBERS_WRITE)
WritesSettings = _scope(ApiScope.SETTINGS_WRITE)
