"""Series of posts."""

from collections.abc import Sequence

from db.models.series import Series
from db.writes.imports.ledger import digest_of
from db.writes.imports.naming import claim_slug
from db.writes.imports.rendering import RENDERER, rendered
from db.writes.imports.run import Run
from db.writes.imports.statements import upsert
from db.writes.records import Place, SeriesRecord


async def write_series(run: Run, records: Sequence[SeriesRecord]) -> None:
    rows = []
    for record in records:
        current = run.ledger.row_in(run.existing.series, "series", record.key)
        digest = digest_of(record, RENDERER)
        settled = run.ledger.settle("series", record.key, digest, current, "series")
        if settled.written:
            place = Place(record.key)
            slug = claim_slug(
                run.report,
                run.existing.series_slugs,
                place,
                record.slug,
                current and run.existing.series[current],
                "series",
            )
            row = {
                "id": settled.row_id,
                "publication_id": run.publication_id,
                "author_id": run.owner_id,
                "slug": slug,
                "name": record.name.strip() or slug,
                "cover_image": record.cover_image,
            }
            rows.append(row | rendered("description", record.description_markdown, place))
    await upsert(run.tx, Series, rows, keep={"author_id"})
