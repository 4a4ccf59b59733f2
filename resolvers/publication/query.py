"""Fetching a publication by its host or id."""

from typing import Annotated

import strawberry

from db.errors import FieldError, Invalid
from db.hosts import normalise_host
from loaders.publication import PublicationByHost, PublicationById, PublicationRow
from resolvers.context import Info
from resolvers.fields import field
from resolvers.publication.publication import Publication
from resolvers.scalars import ObjectId


@strawberry.type
class PublicationQuery:
    @field("A publication, by its host or its id; null when there is none.", Publication | None)
    async def publication(
        self,
        info: Info,
        host: Annotated[
            str | None,
            strawberry.argument(
                description="The host, in any case, with or without port and `www.`."
            ),
        ] = None,
        id: Annotated[
            ObjectId | None, strawberry.argument(description="The publication's id.")
        ] = None,
    ) -> PublicationRow | None:
        if id is not None:
            row = await info.context.loaders(PublicationById).load(id)
            return row if host is None or row is None or is_host(row, host) else None
        if host is not None:
            return await by_host(info, host)
        message = "Give `host` or `id`."
        raise Invalid(message, [FieldError(("host",), message)])


async def by_host(info: Info, host: str) -> PublicationRow | None:
    """Also remembers the row by its id, for posts lead back to their publication by that."""
    loaders = info.context.loaders
    try:
        row = await loaders(PublicationByHost).load(normalise_host(host))
    except Invalid:
        return None
    if row is not None:
        loaders(PublicationById).prime(row.id, row)
    return row


def is_host(row: PublicationRow, host: str) -> bool:
    try:
        return row.host == normalise_host(host)
    except Invalid:
        return False
