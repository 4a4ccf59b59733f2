"""Drafts: what is being written, and when it is to be published."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from loaders.draft import (
    CoAuthorsByDraft,
    DraftById,
    DraftContentById,
    DraftContentRow,
    DraftRow,
    DraftTagRow,
    ScheduleByDraft,
    ScheduleById,
    ScheduleRow,
    TagsByDraft,
)
from loaders.post import PostById, PostRow
from loaders.publication import PublicationById, PublicationRow
from loaders.series import SeriesById, SeriesRow
from loaders.user import UserById, UserRow
from resolvers.content import Content, Presented, content_of
from resolvers.context import Info
from resolvers.fields import field
from resolvers.node import Node
from resolvers.pagination import Connection, Edge, edge_node, edges, nodes, total_documents
from resolvers.scalars import ObjectId
from resolvers.table_of_contents import TableOfContentsFeature, table_of_contents
from resolvers.tag import DraftBaseTag, DraftTag, Tag

if TYPE_CHECKING:
    from resolvers.post import Post
    from resolvers.publication import Publication
    from resolvers.series import Series
    from resolvers.user import User

LazyPost = Annotated["Post", strawberry.lazy("resolvers.post")]
LazyPublication = Annotated["Publication", strawberry.lazy("resolvers.publication")]
LazySeries = Annotated["Series", strawberry.lazy("resolvers.series")]
LazyUser = Annotated["User", strawberry.lazy("resolvers.user")]


@strawberry.enum(description="How a backup ended.")
class BackupStatus(Enum):
    FAILED = strawberry.enum_value("failed", name="failed", description="It failed.")
    SUCCESS = strawberry.enum_value("success", name="success", description="It was made.")


@strawberry.type(description="A copy of a draft in another place.")
class DraftBackup:
    at: datetime | None = strawberry.field(description="When it was made.")
    status: BackupStatus | None = strawberry.field(description="How it ended.")


@strawberry.type(description="The image at the head of a draft.")
class DraftCoverImage:
    url: str = strawberry.field(description="Where the image is.")
    attribution: str | None = strawberry.field(description="Credit to show with the image.")
    photographer: str | None = strawberry.field(description="Who took the image.")
    is_attribution_hidden: bool = strawberry.field(description="Whether to hide the credit.")


@strawberry.type(description="Choices of a draft's author about how the post will be shown.")
class DraftSettings:
    disable_comments: bool = strawberry.field(description="Whether nobody may comment.")
    is_delisted: bool = strawberry.field(
        description="Whether the post will be left out of the feed and of the pages of its tags."
    )
    stick_cover_to_bottom: bool = strawberry.field(
        description="Whether the cover image stands below the title."
    )


@strawberry.type(description="Features of a draft.")
class DraftFeatures:
    @field("The headings of the draft.")
    async def table_of_contents(
        parent: strawberry.Parent[DraftRow], info: Info
    ) -> TableOfContentsFeature:
        row = await load_content(parent, info)
        headings = row.table_of_contents if row else []
        return table_of_contents(parent.id, parent.table_of_contents_enabled, headings)


async def load_content(draft: DraftRow, info: Info) -> DraftContentRow | None:
    return await info.context.loaders(DraftContentById).load(draft.id)


async def load_schedule(draft: DraftRow, info: Info) -> ScheduleRow | None:
    return await info.context.loaders(ScheduleByDraft).load(draft.id)


@strawberry.type(description="A post that is being written.")
class Draft(Presented, Node):
    slug: str = strawberry.field(
        description="The last part of the future address; empty until it is chosen."
    )
    title: str | None = strawberry.field(description="The title.")
    subtitle: str | None = strawberry.field(description="The line below the title.")
    canonical_url: str | None = strawberry.field(
        description="Where the text was published first, when that was elsewhere."
    )
    updated_at: datetime = strawberry.field(description="When the draft was last changed.")

    @field(
        "When the draft was last changed.",
        deprecation_reason="Use updatedAt instead. Will be removed on 26/12/2023.",
    )
    def date_updated(parent: strawberry.Parent[DraftRow]) -> datetime:
        return parent.updated_at

    @field("How long the text takes to read, at least one minute.")
    def read_time_in_minutes(parent: strawberry.Parent[DraftRow]) -> int:
        return parent.read_time_minutes

    @field("Whether the author has asked for it to be reviewed.")
    def is_submitted_for_review(parent: strawberry.Parent[DraftRow]) -> bool:
        return parent.submitted_for_review

    @field("The text, once there is any.")
    async def content(parent: strawberry.Parent[DraftRow], info: Info) -> Content | None:
        row = await load_content(parent, info)
        return content_of(row, "content") if row else None

    @field("The image at the head of the draft.")
    def cover_image(parent: strawberry.Parent[DraftRow]) -> DraftCoverImage | None:
        if parent.cover_image is None:
            return None
        return DraftCoverImage(
            url=parent.cover_image,
            attribution=parent.cover_attribution,
            photographer=parent.cover_photographer,
            is_attribution_hidden=parent.cover_attribution_hidden,
        )

    @field("The author's choices about how the post will be shown.")
    def settings(parent: strawberry.Parent[DraftRow]) -> DraftSettings:
        return DraftSettings(
            disable_comments=parent.comments_disabled,
            is_delisted=parent.delisted,
            stick_cover_to_bottom=parent.cover_stuck_to_bottom,
        )

    @field("Features of the draft.", returns=DraftFeatures)
    def features(parent: strawberry.Parent[DraftRow]) -> DraftRow:
        return parent

    @field("The publication that it is written for.", returns=LazyPublication)
    async def publication(parent: strawberry.Parent[DraftRow], info: Info) -> PublicationRow | None:
        return await info.context.loaders(PublicationById).load(parent.publication_id)

    @field("The author.", returns=LazyUser)
    async def author(parent: strawberry.Parent[DraftRow], info: Info) -> UserRow | None:
        return await info.context.loaders(UserById).load(parent.author_id)

    @field("Who writes it together with the author.", returns=list[LazyUser])
    async def co_authors(parent: strawberry.Parent[DraftRow], info: Info) -> list[UserRow]:
        return await info.context.loaders(CoAuthorsByDraft).load(parent.id)

    @field("In whose name it is to be published, when not in the author's.", LazyUser | None)
    def publish_as(self) -> UserRow | None:
        return None

    @field("The series that the post will be part of.", returns=LazySeries | None)
    async def series(parent: strawberry.Parent[DraftRow], info: Info) -> SeriesRow | None:
        if parent.series_id is None:
            return None
        return await info.context.loaders(SeriesById).load(parent.series_id)

    @field("The post that the draft has become.", returns=LazyPost | None)
    async def published_post(parent: strawberry.Parent[DraftRow], info: Info) -> PostRow | None:
        if parent.published_post_id is None:
            return None
        return await info.context.loaders(PostById).load(parent.published_post_id)

    @field(
        "Those of its tags that exist.",
        returns=list[Tag],
        deprecation_reason="Use tagsV2 instead. Will be removed on 26/02/2024.",
    )
    async def tags(parent: strawberry.Parent[DraftRow], info: Info) -> list[DraftTagRow]:
        rows = await info.context.loaders(TagsByDraft).load(parent.id)
        return [row for row in rows if row.tag_id is not None]

    @field("The tags, in the author's order.", returns=list[DraftTag], name="tagsV2")
    async def tags_v2(
        parent: strawberry.Parent[DraftRow], info: Info
    ) -> list[DraftTagRow | DraftBaseTag]:
        rows = await info.context.loaders(TagsByDraft).load(parent.id)
        return [row if row.tag_id else DraftBaseTag(slug=row.slug, name=row.name) for row in rows]

    @field("When the draft is to be published, if that is set.")
    async def scheduled_date(parent: strawberry.Parent[DraftRow], info: Info) -> datetime | None:
        schedule = await load_schedule(parent, info)
        return schedule.publish_at if schedule else None

    @field("The last backup: none while backups are not made.")
    def last_backup(self) -> DraftBackup | None:
        return None

    @field("When a backup last failed: never while backups are not made.")
    def last_failed_backup_at(self) -> datetime | None:
        return None

    @field("When a backup was last made: never while backups are not made.")
    def last_successful_backup_at(self) -> datetime | None:
        return None


@strawberry.type(description="A draft with its place in the list.")
class DraftEdge(Edge):
    node: Draft = edge_node()


@strawberry.type(description="The drafts of a publication, last changed first.")
class DraftConnection(Connection):
    edges: list[DraftEdge] = edges()
    nodes: list[Draft] = nodes()
    total_documents: int = total_documents()


async def load_draft(schedule: ScheduleRow, info: Info) -> DraftRow:
    """Whoever may know of a schedule may see its draft, and a schedule never outlives it."""
    row = await info.context.loaders(DraftById).load(schedule.draft_id)
    assert row is not None  # noqa: S101 - the foreign key says so
    return row


@strawberry.type(description="A draft that is to be published at a time.")
class ScheduledPost(Node):
    @field("When it is to be published.")
    def scheduled_date(parent: strawberry.Parent[ScheduleRow]) -> datetime:
        return parent.publish_at

    @field("The draft.", returns=Draft)
    async def draft(parent: strawberry.Parent[ScheduleRow], info: Info) -> DraftRow:
        return await load_draft(parent, info)

    @field("The author of the draft.", returns=LazyUser)
    async def author(parent: strawberry.Parent[ScheduleRow], info: Info) -> UserRow | None:
        draft = await load_draft(parent, info)
        return await info.context.loaders(UserById).load(draft.author_id)

    @field("The publication of the draft.", returns=LazyPublication)
    async def publication(
        parent: strawberry.Parent[ScheduleRow], info: Info
    ) -> PublicationRow | None:
        draft = await load_draft(parent, info)
        return await info.context.loaders(PublicationById).load(draft.publication_id)

    @field("Who set the time.", returns=LazyUser | None)
    async def scheduled_by(parent: strawberry.Parent[ScheduleRow], info: Info) -> UserRow | None:
        if parent.scheduled_by_id is None:
            return None
        return await info.context.loaders(UserById).load(parent.scheduled_by_id)


@strawberry.type
class DraftQuery:
    @field(
        "The draft with this id: for everyone who knows the id, unless the draft is restricted.",
        returns=Draft | None,
    )
    async def draft(
        self,
        info: Info,
        id: Annotated[ObjectId, strawberry.argument(description="The draft's id.")],
    ) -> DraftRow | None:
        return await info.context.loaders(DraftById).load(id)

    @field(
        "The scheduled post with this id, for members of its publication.",
        returns=ScheduledPost | None,
    )
    async def scheduled_post(
        self,
        info: Info,
        id: Annotated[
            ObjectId | None, strawberry.argument(description="The scheduled post's id.")
        ] = None,
    ) -> ScheduleRow | None:
        if id is None:
            return None
        return await info.context.loaders(ScheduleById).load(id)
