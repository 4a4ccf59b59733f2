"""Drafts: what is being written, and when it is to be published."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from engine.records import columns_of
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
from loaders.post import PostById
from loaders.publication import PublicationById, PublicationRow
from loaders.series import SeriesById
from loaders.timestamps import Timestamp
from loaders.user import UserById, UserRow
from resolvers.connections import (
    Connection,
    Edge,
    edge_node,
    edges,
    nodes,
    total_documents,
)
from resolvers.content import Content, Presented, content_of
from resolvers.context import Info
from resolvers.fields import (
    SHORT,
    column,
    constant,
    derived,
    field,
    lookup,
    related,
    same,
)
from resolvers.node import Node
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
    url: str = column("cover_image", "Where the image is.")
    attribution: str | None = column("cover_attribution", "Credit to show with the image.")
    photographer: str | None = column("cover_photographer", "Who took the image.")
    is_attribution_hidden: bool = column("cover_attribution_hidden", "Whether to hide the credit.")


@strawberry.type(description="Choices of a draft's author about how the post will be shown.")
class DraftSettings:
    disable_comments: bool = column("comments_disabled", "Whether nobody may comment.")
    is_delisted: bool = column(
        "delisted",
        "Whether the post will be left out of the feed and of the pages of its tags.",
    )
    stick_cover_to_bottom: bool = column(
        "cover_stuck_to_bottom", "Whether the cover image stands below the title."
    )


@strawberry.type(description="Features of a draft.")
class DraftFeatures:
    @derived(
        "The headings of the draft.",
        DraftContentById,
        reads=("table_of_contents_enabled",),
        columns=("table_of_contents",),
    )
    def table_of_contents(
        draft: DraftRow, content: DraftContentRow | None
    ) -> TableOfContentsFeature:
        headings = content.table_of_contents if content else []
        return table_of_contents(draft.id, draft.table_of_contents_enabled, headings)


@strawberry.type(description="A post that is being written.")
class Draft(Presented, Node):
    row: ClassVar[type] = DraftRow

    slug: str = strawberry.field(
        description="The last part of the future address; empty until it is chosen."
    )
    title: str | None = strawberry.field(description="The title.")
    subtitle: str | None = strawberry.field(description="The line below the title.")
    canonical_url: str | None = strawberry.field(
        description="Where the text was published first, when that was elsewhere."
    )
    updated_at: datetime = strawberry.field(description="When the draft was last changed.")
    date_updated: datetime = column(
        "updated_at",
        "When the draft was last changed.",
        deprecation_reason="Use updatedAt instead. Will be removed on 26/12/2023.",
    )
    read_time_in_minutes: int = column(
        "read_time_minutes", "How long the text takes to read, at least one minute."
    )
    is_submitted_for_review: bool = column(
        "submitted_for_review", "Whether the author has asked for it to be reviewed."
    )

    @derived(
        "The text, once there is any.",
        DraftContentById,
        columns=("content_markdown", "content_html", "content_text"),
    )
    def content(draft: DraftRow, content: DraftContentRow | None) -> Content | None:
        return content_of(content, "content") if content else None

    cover_image: DraftCoverImage | None = same(
        "The image at the head of the draft.", unless="cover_image"
    )
    settings: DraftSettings = same("The author's choices about how the post will be shown.")
    features: DraftFeatures = same("Features of the draft.")
    publication: LazyPublication = related(
        "The publication that it is written for.", PublicationById, key="publication_id"
    )
    author: LazyUser = related("The author.", UserById, key="author_id")
    co_authors: list[LazyUser] = related(
        "Who writes it together with the author.", CoAuthorsByDraft, directives=[SHORT]
    )
    publish_as: LazyUser | None = constant(
        None, "In whose name it is to be published, when not in the author's."
    )
    series: LazySeries | None = related(
        "The series that the post will be part of.", SeriesById, key="series_id"
    )
    published_post: LazyPost | None = related(
        "The post that the draft has become.", PostById, key="published_post_id"
    )

    @derived(
        "Those of its tags that exist.",
        TagsByDraft,
        list[Tag],
        columns=columns_of(DraftTagRow),
        deprecation_reason="Use tagsV2 instead. Will be removed on 26/02/2024.",
        directives=[SHORT],
    )
    def tags(draft: DraftRow, tags: list[DraftTagRow]) -> list[DraftTagRow]:
        return [tag for tag in tags if tag.tag_id is not None]

    @derived(
        "The tags, in the author's order.",
        TagsByDraft,
        list[DraftTag],
        columns=columns_of(DraftTagRow),
        name="tagsV2",
        directives=[SHORT],
    )
    def tags_v2(draft: DraftRow, tags: list[DraftTagRow]) -> list[DraftTagRow | DraftBaseTag]:
        return [tag if tag.tag_id else DraftBaseTag(slug=tag.slug, name=tag.name) for tag in tags]

    @derived(
        "When the draft is to be published, if that is set: for the publication's members.",
        ScheduleByDraft,
        datetime | None,
        columns=("publish_at",),
    )
    def scheduled_date(draft: DraftRow, schedule: ScheduleRow | None) -> Timestamp | None:
        return schedule.publish_at if schedule else None

    last_backup: DraftBackup | None = constant(
        None, "The last backup: none while backups are not made."
    )
    last_failed_backup_at: datetime | None = constant(
        None, "When a backup last failed: never while backups are not made."
    )
    last_successful_backup_at: datetime | None = constant(
        None, "When a backup was last made: never while backups are not made."
    )


@strawberry.type(description="A draft with its place in the list.")
class DraftEdge(Edge):
    node: Draft = edge_node()


@strawberry.type(description="The drafts of a publication, last changed first.")
class DraftConnection(Connection):
    edges: list[DraftEdge] = edges()
    nodes: list[Draft] = nodes()
    total_documents: int = total_documents()


@strawberry.type(description="A draft that is to be published at a time.")
class ScheduledPost(Node):
    row: ClassVar[type] = ScheduleRow

    scheduled_date: datetime = column("publish_at", "When it is to be published.")
    draft: Draft = related("The draft.", DraftById, key="draft_id")

    @field("The author of the draft.", returns=LazyUser, reads=("draft_id",))
    async def author(parent: strawberry.Parent[ScheduleRow], info: Info) -> UserRow | None:
        draft = await load_draft(parent, info)
        return await info.context.loaders(UserById).load(draft.author_id)

    @field("The publication of the draft.", returns=LazyPublication, reads=("draft_id",))
    async def publication(
        parent: strawberry.Parent[ScheduleRow], info: Info
    ) -> PublicationRow | None:
        draft = await load_draft(parent, info)
        return await info.context.loaders(PublicationById).load(draft.publication_id)

    scheduled_by: LazyUser | None = related("Who set the time.", UserById, key="scheduled_by_id")


async def load_draft(schedule: ScheduleRow, info: Info) -> DraftRow:
    """Whoever may know of a schedule may see its draft, and a schedule never outlives it."""
    row = await info.context.loaders(DraftById).load(schedule.draft_id)
    assert row is not None  # noqa: S101 - the foreign key says so
    return row


@strawberry.type
class DraftQuery:
    @lookup(
        "The draft with this id: for everyone who knows the id, unless the draft is restricted.",
        Draft | None,
    )
    def draft(
        info: Info, id: Annotated[ObjectId, strawberry.argument(description="The draft's id.")]
    ) -> tuple[DraftById, str]:
        return info.context.loaders(DraftById), id

    @lookup(
        "The scheduled post with this id, for members of its publication.", ScheduledPost | None
    )
    def scheduled_post(
        info: Info,
        id: Annotated[
            ObjectId | None, strawberry.argument(description="The scheduled post's id.")
        ] = None,
    ) -> tuple[ScheduleById, str | None]:
        return info.context.loaders(ScheduleById), id
