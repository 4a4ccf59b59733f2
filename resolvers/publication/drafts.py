"""The lists of a publication's drafts: empty for those who are not its members."""

from datetime import UTC, datetime
from typing import Annotated

import strawberry

from loaders.draft import DraftRow, DraftsByPublication
from loaders.publication import PublicationRow
from resolvers.context import Info
from resolvers.draft import DraftConnection
from resolvers.fields import field
from resolvers.filters import optional_tuple
from resolvers.pagination import EMPTY, After, Before, CursorPage, First, Last, connect
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
    @field("The viewer's own drafts that are not scheduled.", returns=DraftConnection)
    def drafts(
        parent: strawberry.Parent[PublicationRow],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: OwnFilter = None,
    ) -> CursorPage[DraftRow]:
        listing = own_drafts(info, filter, scheduled=False)
        return connect(info, listing, parent.id, first, after, last, before) if listing else EMPTY

    @field("The viewer's own drafts that are scheduled.", returns=DraftConnection)
    def scheduled_drafts(
        parent: strawberry.Parent[PublicationRow],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: OwnFilter = None,
    ) -> CursorPage[DraftRow]:
        listing = own_drafts(info, filter, scheduled=True)
        return connect(info, listing, parent.id, first, after, last, before) if listing else EMPTY

    @field("The drafts that wait for a review.", returns=DraftConnection)
    def submitted_drafts(
        parent: strawberry.Parent[PublicationRow],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: OwnFilter = None,
    ) -> CursorPage[DraftRow]:
        listing = DraftsByPublication(search=filter.search if filter else None, submitted=True)
        return connect(info, listing, parent.id, first, after, last, before)

    @field("The drafts of all members that are not scheduled.", returns=DraftConnection)
    def all_drafts(
        parent: strawberry.Parent[PublicationRow],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: AllFilter = None,
    ) -> CursorPage[DraftRow]:
        listing = all_drafts(filter, scheduled=False)
        return connect(info, listing, parent.id, first, after, last, before)

    @field("The scheduled drafts of all members.", returns=DraftConnection)
    def all_scheduled_drafts(
        parent: strawberry.Parent[PublicationRow],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: AllFilter = None,
    ) -> CursorPage[DraftRow]:
        listing = all_drafts(filter, scheduled=True)
        return connect(info, listing, parent.id, first, after, last, before)


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
