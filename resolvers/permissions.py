"""Who may do what: permission classes for fields, pure predicates over the viewer and the parent.

Every mutation declares them, `Anyone` where it is for all; docs/permissions.md is made of them.
"""

from collections.abc import Mapping
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
    CONTENT_READ = strawberry.enum_value(
        "CONTENT_READ", description="See what members see: drafts, hidden pages, private members."
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


class Permission(BasePermission):
    """A predicate over the viewer. A field lists the ones that must all hold, the plainest first."""

    error: ClassVar[type[DomainError]] = Forbidden
    message: ClassVar[str] = ""

    def has_permission(self, source: Any, info: strawberry.Info[Any, Any], **kwargs: Any) -> bool:
        return self.allows(info.context.viewer)

    def allows(self, viewer: Viewer | None) -> bool:
        """Whether the viewer may, wherever."""
        raise NotImplementedError

    def allows_in(self, viewer: Viewer | None, publication_id: str) -> bool:
        """Whether the viewer may, in this publication."""
        return self.allows(viewer)

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
WritesMembers = _scope(ApiScope.MEMBERS_WRITE)


class CanManageMembers(Permission):
    """The viewer may decide who belongs to the publication that the arguments name.

    Whoever has no role there goes on to the write, which knows whether there is such a publication,
    and reads the viewer's role anew.
    """

    message = "Only the publication's owner can do this."

    def has_permission(self, source: Any, info: strawberry.Info[Any, Any], **kwargs: Any) -> bool:
        viewer: Viewer | None = info.context.viewer
        publication_id = publication_of(kwargs)
        has_no_role = viewer is not None and publication_id not in viewer.roles
        return has_no_role or self.allows_in(viewer, publication_id)

    def allows_in(self, viewer: Viewer | None, publication_id: str) -> bool:
        return viewer is not None and viewer.manages(publication_id)


def publication_of(arguments: Mapping[str, Any]) -> str:
    """The publication that a mutation's arguments name: in its input, or beside none."""
    given = arguments.get("input")
    named: str = arguments["publication_id"] if given is None else given.publication_id
    return named
