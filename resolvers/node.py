"""The interface of objects with a global id."""

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry.types.base import has_object_definition

from db.ids import prefix_of

TYPE_NAMES: Mapping[str | None, str] = {
    "comment": "Comment",
    "draft": "Draft",
    "invite": "PendingInvite",
    "invitelink": "RoleBasedInvite",
    "member": "PublicationMember",
    "page": "StaticPage",
    "post": "Post",
    "pub": "Publication",
    "redirect": "RedirectionRule",
    "reply": "Reply",
    "schedule": "ScheduledPost",
    "series": "Series",
    "tag": "Tag",
    "user": "User",
}


@strawberry.interface(description="An object that can be fetched again by its id.")
class Node:
    id: strawberry.ID = strawberry.field(description="The object's id, unique among all objects.")

    @classmethod
    def resolve_type(cls, value: Any, *_: object) -> str | None:
        """Rows carry no class: the prefix of their id names their type."""
        return TYPE_NAMES.get(prefix_of(value.id))

    @classmethod
    def is_type_of(cls, value: Any, *_: object) -> bool:
        """Whether `value` is this type's: an instance of it, or a row whose id says so."""
        if has_object_definition(value):
            return isinstance(value, cls)
        return TYPE_NAMES.get(prefix_of(value.id)) == cls.__name__
