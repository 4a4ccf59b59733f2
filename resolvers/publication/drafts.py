"""The lists of a publication's drafts: empty for those who are not its members."""

from datetime import UTC, datetime
from typing import Annotated

import strawberry

from loaders.draft import DraftsByPublication
from resolvers.context import Info
from resolvers.draft import DraftConnection
from resolvers.filters import optional_tuple
from resolvers.pagination import connection
from resolvers.publication.filters import (
    PublicationDraftConnectionFilter,
    PublicationSearchableDraftConnectionFilter,
)
from resolvers.time import time_range

OwnFilter = Annotated[
    PublicationDraftConnectionFilter | None, strawberry.argument(description="Narrows the list.")
]
AllFilter = Annotated[
    PublicationSearchableDraftConnectionFilter | None,
    strawberry.argument(description="Narrows the list."),
]


@strawberry.type(description="The drafts of a publication.")
class PublicationDrafts:
    @connection("The viewer's own drafts that are not scheduled.", DraftConnection)
    def drafts(info: Info, filter: OwnFilter = None) -> DraftsByPublication | None:
        return own_drafts(info, filter, scheduled=False)

    @connection("The viewer's own drafts that are scheduled.", DraftConnection)
    def scheduled_drafts(info: Info, filter: OwnFilter = None) -> DraftsByPublication | None:
        return own_drafts(info, filter, scheduled=True)

    @connection("The drafts that wait for a review.", DraftConnection)
    def submitted_drafts(filter: OwnFilter = None) -> DraftsByPublication:
        return DraftsByPublication(search=filter.search if filter else None, submitted=True)

    @connection("The drafts of all members that are not scheduled.", DraftConnection)
    def all_drafts(info: Info, filter: AllFilter = None) -> DraftsByPublication:
        return all_drafts(filter, scheduled=False)

    @connection("The scheduled drafts of all members.", DraftConnection)
    def all_scheduled_drafts(info: Info, filter: AllFilter = None) -> DraftsByPublication:
        return all_drafts(filter, scheduled=True)


def own_drafts(
    info: Info, chosen: PublicationDraftConnectionFilter | None, scheduled: bool
) -> DraftsByPublication | None:
    """None without a viewer: who is nobody has no drafts."""
    viewer = info.context.viewer
    if viewer is None:
        return None
    return DraftsByPublication(
        search=chosen.search if chosen else None,
        author_ids=(viewer.user_id,),
        scheduled=scheduled,
    )


def all_drafts(
    chosen: PublicationSearchableDraftConnectionFilter | None, scheduled: bool
) -> DraftsByPublication:
    chosen = chosen or PublicationSearchableDraftConnectionFilter()
    since, until = time_range(chosen.time, datetime.now(UTC))
    return DraftsByPublication(
        search=chosen.search,
        author_ids=optional_tuple(chosen.author_ids),
        tag_ids=optional_tuple(chosen.tag_ids),
        since=since,
        until=until,
        scheduled=scheduled,
    )
