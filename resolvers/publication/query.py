"""Fetching a publication by its host or id."""

from collections.abc import Awaitable, Sequence
from typing import Annotated, Any

import strawberry

from db.errors import FieldError, Invalid
from db.hosts import normalise_host
from engine.fields import Call, Following, batched
from engine.records import Columns, view_of
from loaders import Loaders
from loaders.base import RowBy
from loaders.publication import PublicationByHost, PublicationById, PublicationRow
from resolvers.publication.publication import Publication
from resolvers.scalars import ObjectId


def find_publication(
    parents: Sequence[object],
    call: Call,
    host: Annotated[
        str | None,
        strawberry.argument(description="The host, in any case, with or without port and `www.`."),
    ] = None,
    id: Annotated[ObjectId | None, strawberry.argument(description="The publication's id.")] = None,
) -> Awaitable[list[PublicationRow | None]]:
    """Also remembers the row by its id, for posts lead back to their publication by that."""
    loaders = call.info.context.loaders
    loader, key = asked(loaders, host, id)

    def found(rows: Sequence[Any]) -> list[Any]:
        row = attributed(rows[0], call.columns)
        if row is None or (host is not None and row.host != known_host(host)):
            return [None] * len(parents)
        loaders(PublicationById).prime(row.id, row)
        return [row] * len(parents)

    return Following(loader.load_keys([key], call.columns), found)


def asked(loaders: Loaders, host: str | None, id: str | None) -> tuple[RowBy[PublicationRow], str]:
    """What to load by which key."""
    if id is not None:
        return loaders(PublicationById), id
    if host is not None:
        return loaders(PublicationByHost), known_host(host)
    message = "Give `host` or `id`."
    raise Invalid(message, [FieldError(("host",), message)])


def attributed(row: Any, columns: Columns | None) -> Any:
    """The row with attributes, also where it is of few columns; None where there is none."""
    return row if row is None or columns is None else view_of(columns)(row)


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
