"""Fetching any object again by its id: Relay's `node` and `nodes`.

Spec: https://relay.dev/graphql/objectidentification.htm
"""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from db.errors import FieldError, Invalid
from db.ids import prefix_of
from engine.cost import ListSize
from loaders.base import Loader
from loaders.comment import CommentById
from loaders.draft import DraftById, ScheduleById
from loaders.page import StaticPageById
from loaders.post import PostById
from loaders.publication import MembershipById, PublicationById, RedirectionRuleById
from loaders.series import SeriesById
from loaders.tag import TagById
from loaders.user import UserById
from resolvers.context import Info
from resolvers.fields import field
from resolvers.node import Node

LOADERS: Mapping[str | None, type[Loader[Any]]] = {
    "comment": CommentById,
    "draft": DraftById,
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


@strawberry.type
class NodeQuery:
    @field("Any object by its id; null when there is none.", returns=Node | None)
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The object's id.")],
    ) -> Any:
        return await load_object(info, id)

    @field(
        "Several objects by their ids, in the same order; null for each that does not exist.",
        returns=list[Node | None],
        directives=[
            ListSize(slicing_arguments=["ids"], require_one_slicing_argument=strawberry.UNSET)
        ],
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[
            list[strawberry.ID],
            strawberry.argument(description=f"The objects' ids: at most {MOST_IDS}."),
        ],
    ) -> list[Any]:
        if len(ids) > MOST_IDS:
            message = f"At most {MOST_IDS} ids."
            raise Invalid(message, [FieldError(("ids",), message)])
        return list(await asyncio.gather(*(load_object(info, each) for each in ids)))


async def load_object(info: Info, identifier: str) -> Any:
    loader = LOADERS.get(prefix_of(identifier))
    return None if loader is None else await info.context.loaders(loader).load(identifier)
