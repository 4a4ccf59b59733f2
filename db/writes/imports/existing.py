"""What a publication has before an import, and the names that are taken in it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

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

    `redirects` is by source; the three `Slugs` also take the names that the import gives.
    """

    posts: dict[str, ExistingPost]
    drafts: dict[str, str | None]
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
        pages = await _pages(tx, publication_id)
        series = await _series(tx, publication_id)
        return cls(
            posts=posts,
            drafts=await _drafts(tx, publication_id),
            pages=pages,
            series=series,
            comments=await _comments(tx, publication_id),
            redirects=await _redirects(tx, publication_id),
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
        return next((draft for draft, post in self.drafts.items() if post == row_id), None)


async def _posts(tx: AsyncConnection, publication_id: str) -> dict[str, ExistingPost]:
    rows = await tx.execute(
        select(Post.id, Post.slug, Post.published_at).where(Post.publication_id == publication_id)
    )
    return {row.id: ExistingPost(row.slug, row.published_at) for row in rows}


async def _drafts(tx: AsyncConnection, publication_id: str) -> dict[str, str | None]:
    rows = await tx.execute(
        select(Draft.id, Draft.published_post_id).where(Draft.publication_id == publication_id)
    )
    return dict(rows.all())


async def _pages(tx: AsyncConnection, publication_id: str) -> dict[str, str]:
    rows = await tx.execute(
        select(StaticPage.id, StaticPage.slug).where(StaticPage.publication_id == publication_id)
    )
    return dict(rows.all())


async def _series(tx: AsyncConnection, publication_id: str) -> dict[str, str]:
    rows = await tx.execute(
        select(Series.id, Series.slug).where(Series.publication_id == publication_id)
    )
    return dict(rows.all())


async def _comments(tx: AsyncConnection, publication_id: str) -> frozenset[str]:
    query = select(Comment.id).join(Post, Post.id == Comment.post_id)
    return frozenset(await tx.scalars(query.where(Post.publication_id == publication_id)))


async def _redirects(tx: AsyncConnection, publication_id: str) -> dict[str, str]:
    rows = await tx.execute(
        select(RedirectionRule.source, RedirectionRule.id).where(
            RedirectionRule.publication_id == publication_id
        )
    )
    return dict(rows.all())
