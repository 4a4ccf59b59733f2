"""Static pages, and rules for the former addresses of those that are public."""

from collections.abc import Sequence

from sqlalchemy import delete

from db.models.media import MediaReference
from db.models.page import StaticPage
from db.models.publication import RedirectionRule
from db.writes.imports.ledger import digest_of
from db.writes.imports.media import media_rows
from db.writes.imports.naming import claim_slug
from db.writes.imports.redirects import write_redirects
from db.writes.imports.rendering import RENDERER, rendered
from db.writes.imports.run import Run
from db.writes.imports.statements import Row, among, replace, upsert
from db.writes.records import PageRecord, RedirectRecord


async def write_pages(run: Run, records: Sequence[PageRecord]) -> None:
    rows: list[Row] = []
    changed: dict[str, PageRecord] = {}
    rules: list[RedirectRecord] = []
    for record in records:
        current = run.ledger.row_in(run.existing.pages, "page", record.key)
        digest = digest_of(record, RENDERER)
        settled = run.ledger.settle("page", record.key, digest, current, "page")
        if settled.written:
            row = _row(run, record, settled.row_id)
            changed[settled.row_id] = record
            rows.append(row)
        slug = row["slug"] if settled.written else run.existing.pages[settled.row_id]
        if record.hidden:
            slugs = {slug, run.existing.pages.get(settled.row_id, slug)}
            run.hidden_addresses.update(_address(run, it) for it in slugs)
        else:
            rules.extend(_rules(run, record, slug))
    await upsert(run.tx, StaticPage, rows)
    media = media_rows(run, "page_id", changed)
    await replace(run.tx, MediaReference.page_id, changed, media)
    await _withdraw_rules(run)
    await write_redirects(run, rules)


def _row(run: Run, record: PageRecord, row_id: str) -> Row:
    slug = claim_slug(
        run.report,
        run.existing.page_slugs,
        record.place,
        record.slug,
        run.existing.pages.get(row_id),
        "page",
    )
    return {
        "id": row_id,
        "publication_id": run.publication_id,
        "slug": slug,
        "title": record.title.strip() or slug,
        "hidden": record.hidden,
        "seo_title": record.seo_title,
        "seo_description": record.seo_description,
        "og_image": record.og_image,
        "updated_at": record.updated_at or run.now,
    } | rendered("content", record.markdown, record.place)


def _rules(run: Run, record: PageRecord, slug: str) -> list[RedirectRecord]:
    return [
        RedirectRecord(path, _address(run, slug))
        for path in record.former_paths
        if path.strip("/") != slug
    ]


def _address(run: Run, slug: str) -> str:
    return f"https://{run.report.host}/{slug}"


async def _withdraw_rules(run: Run) -> None:
    """Rules are public: those that imports have made lead to no hidden page any more."""
    if not run.hidden_addresses:
        return
    gone = await run.tx.scalars(
        delete(RedirectionRule)
        .where(RedirectionRule.publication_id == run.publication_id)
        .where(among(RedirectionRule.destination, run.hidden_addresses))
        .where(among(RedirectionRule.id, run.ledger.made("redirect")))
        .returning(RedirectionRule.source)
    )
    for source in gone:
        run.existing.redirects.pop(source, None)
