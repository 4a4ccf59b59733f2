"""Fetching any object again by its id: Relay's `node` and `nodes`.

Spec: https://relay.dev/graphql/objectidentification.htm
"""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Annotated, Any

import strawberry

from db.errors import FieldError, Invalid
from db.ids import prefix_of
from engine.cost import ListSize
from engine.fields import Call, batched, lookup
from loaders import Loaders
from loaders.base import Loader
from loaders.comment import CommentById
from loaders.draft import DraftById, ScheduleById
from loaders.invitation import InvitationById, RoleInvitationById
from loaders.page import StaticPageById
from loaders.post import PostById
from loaders.publication import MembershipById, PublicationById, RedirectionRuleById
from loaders.series import SeriesById
from loaders.tag import TagById
from loaders.user import UserById
from resolvers.context import Info
from resolvers.node import Node

LOADERS: Mapping[str | None, type[Loader[Any]]] = {
    "comment": CommentById,
    "draft": DraftById,
    "invite": InvitationById,
    "invitelink": RoleInvitationById,
    "member": MembershipById,
    "page": StaticPageById,
    "post": PostById,
    "pub": PublicationById,
    "redirect": RedirectionRuleById,
    "reply": CommentById,
    "schedule": ScheduleById,
    "series": SeriesById,
    "tag": TagById,
    "user": UserById,
}

MOST_IDS = 100


def find_node(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The object's id.")],
) -> tuple[Loader[Any], str | None]:
    loader = LOADERS.get(prefix_of(id))
    return info.context.loaders(loader or PostById), id if loader else None


def find_nodes(
    parents: Sequence[object],
    call: Call,
    ids: Annotated[
        list[strawberry.ID],
        strawberry.argument(description=f"The objects' ids: at most {MOST_IDS}."),
    ],
) -> Awaitable[list[list[Any]]]:
    if len(ids) > MOST_IDS:
        message = f"At most {MOST_IDS} ids."
        raise Invalid(message, [FieldError(("ids",), message)])
    return in_order(ids, load_objects(call.info.context.loaders, ids), len(parents))


@strawberry.type
class NodeQuery:
    node: Node | None = lookup(
        find_node, rows=True, description="Any object by its id; null when there is none."
    )
    nodes: list[Node | None] = batched(
        find_nodes,
        reads=(),
        description="Several objects by their ids, in the same order; null for each that does not exist.",
        directives=[
            ListSize(slicing_arguments=["ids"], require_one_slicing_argument=strawberry.UNSET)
        ],
    )


def load_objects(loaders: Loaders, ids: Sequence[str]) -> list[tuple[list[str], Awaitable[Any]]]:
    """The ids of each kind of object, and their rows, which are asked for at once."""
    kinds: dict[type[Loader[Any]], list[str]] = {}
    for each in ids:
        loader = LOADERS.get(prefix_of(each))
        if loader is not None:
            kinds.setdefault(loader, []).append(each)
    return [(keys, loaders(loader).load_keys(keys, None)) for loader, keys in kinds.items()]


async def in_order(
    ids: Sequence[str], loading: list[tuple[list[str], Awaitable[Any]]], count: int
) -> list[list[Any]]:
    """The objects of the ids, for each of so many parents; None for what was not found."""
    found: dict[str, Any] = {}
    for keys, rows in loading:
        found.update(zip(keys, await rows, strict=True))
    return [[found.get(each) for each in ids]] * count
