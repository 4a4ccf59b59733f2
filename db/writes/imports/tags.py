"""Tags, which all publications of a deployment share by their slugs."""

from collections.abc import Sequence

from sqlalchemy import select

from db.models.tag import Tag
from db.writes.imports.ledger import digest_of
from db.writes.imports.rendering import RENDERER, rendered
from db.writes.imports.run import Run, TagName
from db.writes.imports.statements import among, upsert
from db.writes.records import Place, TagRecord
from db.writes.slugs import segment


async def write_tags(run: Run, records: Sequence[TagRecord]) -> None:
    """A record is the tag with its slug, whoever made that."""
    slugs = [segment(record.slug, record.key) for record in records]
    found = await run.tx.execute(select(Tag.slug, Tag.id).where(among(Tag.slug, slugs)))
    ids = dict(found.all())
    rows = []
    for record, slug in zip(records, slugs, strict=True):
        digest = digest_of(record, RENDERER)
        settled = run.ledger.settle("tag", record.key, digest, ids.get(slug), "tag")
        ids[slug] = settled.row_id
        name = record.name.strip() or slug
        run.tags[settled.row_id] = TagName(slug, name)
        if settled.written:
            row = {"id": settled.row_id, "slug": slug, "name": name}
            rows.append(row | rendered("info", record.description_markdown, Place(record.key)))
    await upsert(run.tx, Tag, rows)
