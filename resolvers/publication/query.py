"""Fetching a publication by its host or id."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry

from db.errors import FieldError, Invalid
from db.hosts import normalise_host
from engine.fields import Call, batched
from engine.records import view_of
from loaders.base import RowBy
from loaders.publication import PublicationByHost, PublicationById, PublicationRow
from resolvers.publication.publication import Publication
from resolvers.scalars import ObjectId


async def find_publication(
    parents: Sequence[object],
    call: Call,
    host: Annotated[
        str | None,
        strawberry.argument(description="The host, in any case, with or without port and `www.`."),
    ] = None,
    id: Annotated[ObjectId | None, strawberry.argument(description="The publication's id.")] = None,
) -> list[PublicationRow | None]:
    """Also remembers the row by its id, for posts lead back to their publication by that."""
    loaders = call.info.context.loaders
    if id is not None:
        row = await load(loaders(PublicationById), id, call)
    elif host is not None:
        row = await load(loaders(PublicationByHost), known_host(host), call)
    else:
        message = "Give `host` or `id`."
        raise Invalid(message, [FieldError(("host",), message)])
    if row is None or (host is not None and row.host != known_host(host)):
        return [None] * len(parents)
    loaders(PublicationById).prime(row.id, row)
    return [row] * len(parents)


async def load(loader: RowBy[PublicationRow], key: str, call: Call) -> Any:
    """The row with attributes, also where it is of few columns; None when there is none."""
    rows: list[Any] = await loader.load_keys([key], call.columns)
    row = rows[0]
    return row if row is None or call.columns is None else view_of(call.columns)(row)


def known_host(host: str) -> str:
    """The host as publications have it; empty for what is none."""
    try:
        return normalise_host(host)
    except Invalid:
        return ""


@strawberry.type
class PublicationQuery:
    publication: Publication | None = batched(
        find_publication,
        reads=(),
        rows=True,
        columns=("host", "id"),
        loader=PublicationById,
        description="A publication, by its host or its id; null when there is none.",
    )
