"""Articles of a source: the published ones become posts."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, update

from db.models.draft import Draft
from db.models.media import MediaReference
from db.models.post import Post, PostCoAuthor, PostTag
from db.writes.imports.articles import Article, changed, co_authors, columns_of, earlier_rows
from db.writes.imports.drafts import write_drafts
from db.writes.imports.media import media_rows
from db.writes.imports.naming import claim_slug
from db.writes.imports.run import FormerPath, Run
from db.writes.imports.statements import Row, among, replace, upsert
from db.writes.languages import search_config
from db.writes.records import PostRecord, PostStatus


async def write_articles(run: Run, records: Sequence[PostRecord]) -> None:
    """Published records become posts, all others drafts; either may have been the other before."""
    await write_posts(run, [it for it in records if it.status is PostStatus.PUBLISHED])
    await write_drafts(run, [it for it in records if it.status is not PostStatus.PUBLISHED])


async def write_posts(run: Run, records: Sequence[PostRecord]) -> None:
    drafts = earlier_rows(run, run.existing.drafts, records).values()
    articles = await changed(run, "post", run.existing.post_of, records)
    await upsert(run.tx, Post, [_row(run, article) for article in articles])
    await _write_links(run, articles)
    await _take_from_drafts(run, drafts)


async def _write_links(run: Run, articles: Sequence[Article]) -> None:
    ids = [article.id for article in articles]
    tags = [
        {"post_id": article.id, "tag_id": tag_id, "position": position}
        for article in articles
        for position, tag_id in enumerate(article.references.tags)
    ]
    media = media_rows(run, "post_id", {article.id: article.record for article in articles})
    await replace(run.tx, PostTag.post_id, ids, tags)
    await replace(run.tx, PostCoAuthor.post_id, ids, co_authors("post_id", articles))
    await replace(run.tx, MediaReference.post_id, ids, media)


async def _take_from_drafts(run: Run, drafts: Collection[str]) -> None:
    """Drafts that the source has published go; a post that one of them had become is public again."""
    if drafts:
        posts = [post for draft in drafts if (post := run.existing.drafts[draft])]
        await run.tx.execute(update(Post).where(among(Post.id, posts)).values(status="PUBLISHED"))
        await run.tx.execute(delete(Draft).where(among(Draft.id, drafts)))


def _row(run: Run, article: Article) -> Row:
    record = article.record
    slug = _slug(run, article)
    published_at = _published_at(run, article)
    return columns_of(run, article) | {
        "slug": slug,
        "title": record.title.strip() or slug,
        "series_position": record.series_index,
        "has_latex": article.content.has_latex,
        "search_config": search_config(record.language or run.language),
        "cuid": record.cuid,
        "pinned_at": published_at if record.pinned else None,
        "featured_at": published_at if record.featured else None,
        "published_at": published_at,
        "edited_at": record.updated_at,
    }


def _slug(run: Run, article: Article) -> str:
    """The post's slug; former ones, and the record's former paths, are kept for later."""
    record, before = article.record, run.existing.posts.get(article.id)
    current = before.slug if before else None
    slug = claim_slug(
        run.report, run.existing.post_slugs, record.place, record.slug, current, "post"
    )
    former = [current] if current and current != slug else []
    run.former_paths.extend(
        FormerPath(article.id, path, record.place) for path in [*former, *record.former_paths]
    )
    return slug


def _published_at(run: Run, article: Article) -> datetime:
    record, before = article.record, run.existing.posts.get(article.id)
    if record.published_at is not None:
        return record.published_at
    date = before.published_at if before else record.updated_at or run.now
    run.report.changed(record.place, "date", f"it has none: it came in as {date.isoformat()}")
    return date
