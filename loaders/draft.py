"""Drafts and their schedules: by id, of a publication, of an author; and the parts of a draft."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from db.models import draft as draft_models
from db.models import post as post_models
from db.models import tag as tag_models
from db.models import user as user_models
from db.viewer import Viewer
from db.visibility import draft_is_listed, draft_is_visible, post_is_visible, schedule_is_visible
from loaders.base import RowBy, RowsBy, columns, contains, one_of
from loaders.cursors import Order
from loaders.keys import Keys
from loaders.pages import Listing
from loaders.tag import TagRow
from loaders.timestamps import Timestamp
from loaders.user import UserRow

Draft = draft_models.Draft
Post = post_models.Post
Schedule = draft_models.Schedule

NEWEST = Order("draft.updated", ("updated_at", "id"))


class DraftRow:
    """A draft without its content."""

    id: str
    publication_id: str
    author_id: str
    series_id: str | None
    published_post_id: str | None
    submitted_for_review: bool
    slug: str
    title: str | None
    subtitle: str | None
    table_of_contents_enabled: bool
    read_time_minutes: int
    cover_image: str | None
    cover_attribution: str | None
    cover_photographer: str | None
    cover_attribution_hidden: bool
    cover_stuck_to_bottom: bool
    canonical_url: str | None
    seo_title: str | None
    seo_description: str | None
    og_image: str | None
    delisted: bool
    comments_disabled: bool
    updated_at: Timestamp


class DraftContentRow:
    """The content of a draft in its forms, all None while there is none."""

    id: str
    content_markdown: str | None
    content_html: str | None
    content_text: str | None
    table_of_contents: list[dict[str, Any]]


class ScheduleRow:
    id: str
    draft_id: str
    scheduled_by_id: str | None
    publish_at: Timestamp


class DraftTagRow(TagRow):
    """A tag, or only `slug` and `name` of one to be made: then `tag_id` is None and so is the rest."""

    tag_id: str | None


class DraftById(RowBy[DraftRow]):
    row = DraftRow
    table = Draft

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        return (draft_is_visible(self.viewer),)


class DraftContentById(RowBy[DraftContentRow]):
    """Loaded for drafts that the viewer has been shown already."""

    row = DraftContentRow
    table = Draft


class ScheduleById(RowBy[ScheduleRow]):
    """Schedules are known to the members of the draft's publication."""

    row = ScheduleRow
    table = Schedule

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        return (schedule_is_visible(self.viewer),)


class ScheduleByDraft(ScheduleById):
    """None for those, too, who may read the draft because they have its id."""

    key = "draft_id"


class TagsByDraft(RowsBy[DraftTagRow]):
    """The tags of a draft, in the author's order."""

    row = DraftTagRow

    def select(self, keys: Keys) -> Select[Any]:
        link, tag = draft_models.DraftTag, tag_models.Tag
        named = {"slug", "name"}
        return (
            select(
                keys.place,
                link.tag_id,
                func.coalesce(tag.slug, link.slug).label("slug"),
                func.coalesce(tag.name, link.name).label("name"),
                *(column for column in columns(TagRow, tag) if column.key not in named),
            )
            .join_from(link, tag, tag.id == link.tag_id, isouter=True)
            .where(keys.of(link.draft_id))
            .order_by(keys.position, link.position, link.slug)
        )


class CoAuthorsByDraft(RowsBy[UserRow]):
    """Who writes a draft together with its author, in the author's order."""

    row = UserRow

    def select(self, keys: Keys) -> Select[Any]:
        link, user = draft_models.DraftCoAuthor, user_models.User
        return (
            select(keys.place, *columns(UserRow, user))
            .join_from(link, user, user.id == link.user_id)
            .where(keys.of(link.draft_id))
            .order_by(keys.position, link.position, link.user_id)
        )


@dataclass(frozen=True, slots=True)
class DraftsByPublication(Listing[DraftRow]):
    """A publication's drafts that are not published yet, last changed first, for its members.

    `search` keeps titles that contain it; `scheduled` and `submitted` keep those that are, or are not;
    `since` and `until` bound the time of the last change.
    """

    row = DraftRow

    search: str | None = None
    author_ids: tuple[str, ...] | None = None
    tag_ids: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    scheduled: bool | None = None
    submitted: bool | None = None

    @property
    def order(self) -> Order:
        return NEWEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        return unpublished(viewer).where(Draft.publication_id == parent, *self.conditions())

    def conditions(self) -> Iterable[ColumnElement[bool]]:
        if self.search is not None:
            yield contains(Draft.title.expression, self.search)
        if self.author_ids is not None:
            yield one_of(Draft.author_id, self.author_ids)
        if self.tag_ids is not None:
            link = draft_models.DraftTag
            yield exists().where(link.draft_id == Draft.id, one_of(link.tag_id, self.tag_ids))
        if self.since is not None:
            yield Draft.updated_at >= self.since
        if self.until is not None:
            yield Draft.updated_at <= self.until
        if self.scheduled is not None:
            yield exists().where(Schedule.draft_id == Draft.id).is_(self.scheduled)
        if self.submitted is not None:
            yield Draft.submitted_for_review.is_(self.submitted)


@dataclass(frozen=True, slots=True)
class DraftsByAuthor(Listing[DraftRow]):
    """A user's drafts that are not published yet, last changed first."""

    row = DraftRow

    @property
    def order(self) -> Order:
        return NEWEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        return unpublished(viewer).where(Draft.author_id == parent)


def unpublished(viewer: Viewer | None) -> Select[Any]:
    return select(*columns(DraftRow, Draft)).where(
        ~exists().where(Post.id == Draft.published_post_id, post_is_visible()),
        draft_is_listed(viewer),
    )
