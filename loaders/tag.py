"""Tags: by id, by slug, of a post; and the posts of a tag that are liked most."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, func, select

from db.models import post as post_models
from db.models import tag as tag_models
from db.viewer import Viewer
from loaders.base import RowBy, RowsBy, columns
from loaders.cursors import Order
from loaders.keys import Keys
from loaders.pages import Listing
from loaders.post import PostRow, PostsByTag

Tag = tag_models.Tag

POPULAR = Order("post.popular", ("reaction_count", "published_at", "id"))


class TagRow:
    id: str
    slug: str
    name: str
    tagline: str | None
    logo: str | None
    info_markdown: str | None
    info_html: str | None
    info_text: str | None
    followers_count: int


class TagById(RowBy[TagRow]):
    row = TagRow
    table = Tag


class TagBySlug(RowBy[TagRow]):
    row = TagRow
    table = Tag
    key = "slug"


class TagsByPost(RowsBy[TagRow]):
    """The tags of a post, in the author's order."""

    row = TagRow

    def select(self, keys: Keys) -> Select[Any]:
        link = post_models.PostTag
        return (
            select(keys.place, *columns(TagRow, Tag))
            .join_from(link, Tag, Tag.id == link.tag_id)
            .where(keys.of(link.post_id))
            .order_by(keys.position, link.position, link.tag_id)
        )


@dataclass(frozen=True, slots=True)
class PopularPostsByTag(Listing[PostRow]):
    """The posts that have the tag, those with the most reactions first.

    `days` keeps what was published in so many days before now.
    """

    row = PostRow

    days: int | None = None

    @property
    def order(self) -> Order:
        return POPULAR

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        listing = PostsByTag().select(parent, viewer)
        if self.days is None:
            return listing
        period = func.make_interval(0, 0, 0, cast(self.days, Integer))
        return listing.where(post_models.Post.published_at >= func.now() - period)
