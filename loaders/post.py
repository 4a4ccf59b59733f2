"""Posts: by id, by address, and in the lists that they stand in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import aliased

from db.models import post as post_models
from db.models import tag as tag_models
from db.viewer import Viewer
from db.visibility import post_is_visible, removed_post_is_visible
from loaders.base import RowBy, RowBySlug, RowsBy, array_of, columns, one_of
from loaders.cursors import Order
from loaders.keys import Keys
from loaders.pages import Listing
from loaders.timestamps import Timestamp
from loaders.user import AUTHOR

Post = post_models.Post

NEWEST = Order("post.newest", ("published_at", "id"))
OLDEST = Order("post.oldest", ("published_at", "id"), descending=False)


class PostRow:
    """A post without its content."""

    id: str
    publication_id: str
    author_id: str
    series_id: str | None
    slug: str
    title: str
    subtitle: str | None
    brief: str
    read_time_minutes: int
    has_latex: bool
    table_of_contents_enabled: bool
    cover_image: str | None
    cover_attribution: str | None
    cover_photographer: str | None
    cover_attribution_hidden: bool
    cover_portrait: bool
    cover_stuck_to_bottom: bool
    canonical_url: str | None
    seo_title: str | None
    seo_description: str | None
    og_image: str | None
    cuid: str | None
    language: str | None
    delisted: bool
    comments_disabled: bool
    pinned_at: Timestamp | None
    featured_at: Timestamp | None
    comment_count: int
    reply_count: int
    reaction_count: int
    view_count: int
    published_at: Timestamp
    edited_at: Timestamp | None

    joined = (AUTHOR,)


class PostContentRow:
    """The content of a post in its forms: kept apart, for it outweighs all the rest."""

    id: str
    content_markdown: str
    content_html: str
    content_text: str
    table_of_contents: list[dict[str, Any]]


class PostById(RowBy[PostRow]):
    row = PostRow
    table = Post

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        return (or_(post_is_visible(), removed_post_is_visible(self.viewer)),)


class PostContentById(RowBy[PostContentRow]):
    """Loaded for posts that the viewer has been shown already."""

    row = PostContentRow
    table = Post


class PostBySlug(RowBySlug[PostRow]):
    row = PostRow
    table = Post

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        return (*super().visible(keys), post_is_visible())


class PostByFormerSlug(RowBySlug[PostRow]):
    """The post that once had the slug, or stood at the path, given as parameter."""

    row = PostRow
    table = Post

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        former = post_models.FormerSlug
        found = select(former.post_id).where(
            keys.has(former.publication_id.expression), former.slug == self.slug
        )
        return (Post.id.in_(found), post_is_visible())


class PinnedPostByPublication(RowBy[PostRow]):
    """The post that was pinned last."""

    row = PostRow
    table = Post
    key = "publication_id"

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        pinned = aliased(Post)
        last = (
            select(pinned.id)
            .where(pinned.publication_id == Post.publication_id, pinned.status == "PUBLISHED")
            .where(pinned.pinned_at.is_not(None))
            .order_by(pinned.pinned_at.desc(), pinned.id.desc())
            .limit(1)
        )
        return (Post.id == last.scalar_subquery(), post_is_visible())


class FormerSlugRow:
    slug: str


class FormerSlugsByPost(RowsBy[FormerSlugRow]):
    """The addresses that a post had, oldest first."""

    row = FormerSlugRow

    def select(self, keys: Keys) -> Select[Any]:
        former = post_models.FormerSlug
        return (
            select(keys.place, *columns(FormerSlugRow, former))
            .where(keys.of(former.post_id))
            .order_by(keys.position, former.created_at, former.slug)
        )


@dataclass(frozen=True, slots=True)
class Tagged:
    """Keeps posts that have one of the tags, by id or by slug; without either it keeps all."""

    ids: tuple[str, ...] | None = None
    slugs: tuple[str, ...] | None = None

    def condition(self) -> ColumnElement[bool]:
        link, tag = post_models.PostTag, tag_models.Tag
        wanted = []
        if self.ids is not None:
            wanted.append(one_of(link.tag_id, self.ids))
        if self.slugs is not None:
            named = select(tag.id).where(one_of(tag.slug, self.slugs))
            wanted.append(one_of(link.tag_id, func.array(named.scalar_subquery())))
        if not wanted:
            return true()
        return exists().where(link.post_id == Post.id).where(or_(*wanted))


@dataclass(frozen=True, slots=True)
class PostsByPublication(Listing[PostRow]):
    """A publication's posts, newest first. `removed` lists what its members have removed instead."""

    row = PostRow

    tagged: Tagged = Tagged()
    exclude_pinned: bool = False
    removed: bool = False

    @property
    def order(self) -> Order:
        return NEWEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        listing = (
            select(*columns(PostRow, Post))
            .where(Post.publication_id == parent)
            .where(removed_post_is_visible(viewer) if self.removed else post_is_visible())
            .where(self.tagged.condition())
        )
        return listing.where(Post.pinned_at.is_(None)) if self.exclude_pinned else listing


@dataclass(frozen=True, slots=True)
class PostsByTag(Listing[PostRow]):
    """The posts of all publications that have the tag, newest first, without delisted ones."""

    row = PostRow

    @property
    def order(self) -> Order:
        return NEWEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        link = post_models.PostTag
        return (
            select(*columns(PostRow, Post))
            .join(link, link.post_id == Post.id)
            .where(link.tag_id == parent, post_is_visible(), ~Post.delisted)
        )


@dataclass(frozen=True, slots=True)
class PostsBySeries(Listing[PostRow]):
    """The posts of a series in its own order."""

    row = PostRow

    descending: bool

    @property
    def order(self) -> Order:
        return NEWEST if self.descending else OLDEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        return select(*columns(PostRow, Post)).where(Post.series_id == parent, post_is_visible())


@dataclass(frozen=True, slots=True)
class Feed(Listing[PostRow]):
    """The posts of all publications, newest first, without delisted ones."""

    row = PostRow

    tagged: Tagged = Tagged()
    min_read_time: int | None = None
    max_read_time: int | None = None
    featured: bool = False

    @property
    def order(self) -> Order:
        return NEWEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        conditions = [post_is_visible(), ~Post.delisted, self.tagged.condition()]
        if self.min_read_time is not None:
            conditions.append(Post.read_time_minutes >= self.min_read_time)
        if self.max_read_time is not None:
            conditions.append(Post.read_time_minutes <= self.max_read_time)
        if self.featured:
            conditions.append(Post.featured_at.is_not(None))
        return select(*columns(PostRow, Post)).where(*conditions)


class AuthoredPostRow(PostRow):
    """A post in the list of a user, and whether they are its author (`authored`) or a co-author."""

    authored: bool


@dataclass(frozen=True, slots=True)
class PostsByAuthor(Listing[AuthoredPostRow]):
    """What a user wrote alone, with others, or both, by date of publication."""

    row = AuthoredPostRow

    as_author: bool = True
    as_co_author: bool = True
    publication_ids: tuple[str, ...] | None = None
    tagged: Tagged = Tagged()
    descending: bool = True

    @property
    def order(self) -> Order:
        return NEWEST if self.descending else OLDEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        authored = (Post.author_id == parent).label("authored")
        listing = select(*columns(PostRow, Post), authored).where(
            Post.id.in_(union_all(*self.parts(parent))), post_is_visible(), self.tagged.condition()
        )
        if self.publication_ids is None:
            return listing
        return listing.where(one_of(Post.publication_id, self.publication_ids))

    def parts(self, user_id: ColumnElement[str]) -> Iterable[Select[Any]]:
        """Each part has an index of its own, which `or` between them would not use."""
        if self.as_author:
            own = aliased(Post)
            yield select(own.id).where(own.author_id == user_id, own.status == "PUBLISHED")
        if self.as_co_author:
            link = post_models.PostCoAuthor
            yield select(link.post_id).where(link.user_id == user_id)


@dataclass(frozen=True, slots=True)
class PostsFound(Listing[PostRow]):
    """A publication's posts that have all the words, the last letters of each left open; newest first.

    Words are letters and digits only; without any, every post is kept.
    """

    row = PostRow

    words: tuple[str, ...] | None = None
    author_ids: tuple[str, ...] | None = None
    tagged: Tagged = Tagged()
    since: datetime | None = None
    until: datetime | None = None
    removed: bool = False

    @property
    def order(self) -> Order:
        return NEWEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        published = PostsByPublication(self.tagged, removed=self.removed).select(parent, viewer)
        return published.where(*self.conditions(parent))

    def conditions(self, publication_id: ColumnElement[str]) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.words is not None:
            query = prefix_query(self.words, publication_id)
            conditions.append(self.has_words(publication_id, query))
        if self.author_ids is not None:
            conditions.append(one_of(Post.author_id, self.author_ids))
        if self.since is not None:
            conditions.append(Post.published_at >= self.since)
        if self.until is not None:
            conditions.append(Post.published_at <= self.until)
        return conditions

    def has_words(
        self, publication_id: ColumnElement[str], query: ColumnElement[Any]
    ) -> ColumnElement[bool]:
        if self.removed:
            return Post.search_document.op("@@")(query)
        found = post_models.PUBLISHED_POSTS.c
        matches = found.search_document.op("@@")(query)
        return Post.id.in_(select(found.id).where(found.publication_id == publication_id, matches))


def prefix_query(words: Any, publication_id: ColumnElement[str]) -> ColumnElement[Any]:
    """A text search for the beginnings of words: a tuple, not empty, of letters and digits only.

    The words are stemmed as those of the publication's newest post are, and tried as they stand too:
    a query that does not depend on the row is one that the index can answer.
    """
    query = func.array_to_string(array_of(words), ":* & ").concat(":*")
    newest = aliased(Post)
    language = (
        select(newest.search_config)
        .where(newest.publication_id == publication_id, newest.status == "PUBLISHED")
        .order_by(newest.published_at.desc(), newest.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    simple = func.to_tsquery(literal_column("'simple'::regconfig"), query, type_=TSQUERY)
    return simple.op("||")(func.to_tsquery(language, query, type_=TSQUERY))
