"""Articles of a source that are not public: drafts, some with a date to be published at."""

from collections.abc import Collection, Sequence

from sqlalchemy import update

from db.ids import new_id
from db.models.draft import Draft, DraftCoAuthor, DraftTag, Schedule
from db.models.media import MediaReference
from db.models.post import Post
from db.writes.imports.articles import Article, changed, co_authors, columns_of, earlier_rows
from db.writes.imports.media import media_rows
from db.writes.imports.report import ImportedDraft
from db.writes.imports.run import Run
from db.writes.imports.statements import Row, among, replace, upsert
from db.writes.records import PostRecord, PostStatus
from db.writes.slugs import segment


async def write_drafts(run: Run, records: Sequence[PostRecord]) -> None:
    posts = earlier_rows(run, run.existing.posts, records)
    articles = await changed(run, "draft", run.existing.draft_of, records)
    await _withdraw(run, posts.values())
    await upsert(run.tx, Draft, [_row(run, article, posts) for article in articles])
    await _write_links(run, articles)
    run.report.drafts.extend(
        ImportedDraft(it.title.strip() or None, run.ledger.id_of("post", it.key), it.private)
        for it in records
    )


async def _withdraw(run: Run, posts: Collection[str]) -> None:
    """Posts that the source has taken back are not public any more; they keep what readers added."""
    if posts:
        await run.tx.execute(update(Post).where(among(Post.id, posts)).values(status="REMOVED"))


async def _write_links(run: Run, articles: Sequence[Article]) -> None:
    ids = [article.id for article in articles]
    media = media_rows(run, "draft_id", {article.id: article.record for article in articles})
    schedules = [row for article in articles for row in _schedule(run, article)]
    await replace(run.tx, DraftTag.draft_id, ids, _tags(run, articles))
    await replace(run.tx, DraftCoAuthor.draft_id, ids, co_authors("draft_id", articles))
    await replace(run.tx, MediaReference.draft_id, ids, media)
    await replace(run.tx, Schedule.draft_id, ids, schedules)


def _row(run: Run, article: Article, posts: dict[str, str]) -> Row:
    record = article.record
    written_at = record.updated_at or record.published_at or run.now
    return columns_of(run, article) | {
        "published_post_id": posts.get(record.key) or run.existing.drafts.get(article.id),
        "restricted": record.private,
        "slug": segment(record.slug, "draft"),
        "title": record.title.strip() or None,
        "updated_at": min(written_at, run.now),
    }


def _tags(run: Run, articles: Sequence[Article]) -> list[Row]:
    return [
        {
            "draft_id": article.id,
            "slug": run.tags[tag_id].slug,
            "name": run.tags[tag_id].name,
            "tag_id": tag_id,
            "position": position,
        }
        for article in articles
        for position, tag_id in enumerate(article.references.tags)
    ]


def _schedule(run: Run, article: Article) -> list[Row]:
    """The row of a scheduled article, unless its time has passed."""
    record = article.record
    if record.status is not PostStatus.SCHEDULED:
        return []
    if record.published_at is None or record.published_at <= run.now:
        run.report.changed(record.place, "schedule", "its time has passed: it came in as a draft")
        return []
    return [
        {
            "id": new_id("schedule"),
            "draft_id": article.id,
            "scheduled_by_id": article.references.authors[0],
            "publish_at": record.published_at,
        }
    ]
