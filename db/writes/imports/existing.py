"""What a publication has before an import, and the names that are taken in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import InstrumentedAttribute

from db.models.comment import Comment
from db.models.draft import Draft
from db.models.page import StaticPage
from db.models.post import Post
from db.models.publication import RedirectionRule
from db.models.series import Series
from db.writes.slugs import Slugs


@dataclass(frozen=True, slots=True)
class ExistingPost:
    slug: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Existing:
    """By id: the posts, the post that each draft has become, the slugs of pages and series.

    `draft_by_post` is `drafts` the other way round; `redirects` is by source; the three `Slugs` also
    take the names that the import gives.
    """

    posts: dict[str, ExistingPost]
    drafts: dict[str, str | None]
    draft_by_post: dict[str, str]
    pages: dict[str, str]
    series: dict[str, str]
    comments: frozenset[str]
    redirects: dict[str, str]
    post_slugs: Slugs
    page_slugs: Slugs
    series_slugs: Slugs

    @classmethod
    async def load(cls, tx: AsyncConnection, publication_id: str) -> "Existing":
        posts = await _posts(tx, publication_id)
        drafts = await _pairs(tx, publication_id, Draft.id, Draft.published_post_id)
        pages = await _pairs(tx, publication_id, StaticPage.id, StaticPage.slug)
        series = await _pairs(tx, publication_id, Series.id, Series.slug)
        return cls(
            posts=posts,
            drafts=drafts,
            draft_by_post={post: draft for draft, post in drafts.items() if post},
            pages=pages,
            series=series,
            comments=await _comments(tx, publication_id),
            redirects=await _pairs(tx, publication_id, RedirectionRule.source, RedirectionRule.id),
            post_slugs=Slugs(post.slug for post in posts.values()),
            page_slugs=Slugs(pages.values()),
            series_slugs=Slugs(series.values()),
        )

    def post_of(self, row_id: str | None) -> str | None:
        """The post that a row is, or that a draft has become."""
        return row_id if row_id in self.posts else self.drafts.get(row_id or "")

    def draft_of(self, row_id: str | None) -> str | None:
        """The draft that a row is, or that became a post."""
        if row_id is None or row_id in self.drafts:
            return row_id
        return self.draft_by_post.get(row_id)


async def _posts(tx: AsyncConnection, publication_id: str) -> dict[str, ExistingPost]:
    rows = await tx.execute(
        select(Post.id, Post.slug, Post.published_at).where(Post.publication_id == publication_id)
    )
    return {row.id: ExistingPost(row.slug, row.published_at) for row in rows}


async def _comments(tx: AsyncConnection, publication_id: str) -> frozenset[str]:
    query = select(Comment.id).join(Post, Post.id == Comment.post_id)
    return frozenset(await tx.scalars(query.where(Post.publication_id == publication_id)))


async def _pairs(
    tx: AsyncConnection,
    publication_id: str,
    key: InstrumentedAttribute[str],
    value: InstrumentedAttribute[Any],
) -> dict[str, Any]:
    """Two columns of the publication's rows in one table."""
    rows = await tx.execute(select(key, value).where(key.class_.publication_id == publication_id))
    return dict(rows.all())
