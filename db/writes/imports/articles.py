"""What posts and drafts have in common: references, rendered content, tags, co-authors and media."""

from collections.abc import Callable, Container, Sequence
from dataclasses import asdict, dataclass

from content import Rendered
from db.ids import Prefix, new_id
from db.writes.imports.ledger import Origin, Settled, digest_of
from db.writes.imports.rendering import RENDERER, render_all
from db.writes.imports.run import Run
from db.writes.imports.statements import Row
from db.writes.records import PostRecord


@dataclass(frozen=True, slots=True)
class References:
    """The rows that a record names: its author first, then the co-authors; tags in order."""

    authors: tuple[str, ...]
    tags: tuple[str, ...]
    series: str | None


@dataclass(frozen=True, slots=True)
class Article:
    """A record, with its Markdown rendered, that is to be written to the row `id`."""

    id: str
    record: PostRecord
    references: References
    content: Rendered


def references_of(run: Run, record: PostRecord) -> References:
    """Without an author, the publication's owner is the author."""
    authors = [run.ledger.id_of("user", key) for key in record.author_keys]
    tags = [run.ledger.id_of("tag", key) for key in record.tag_keys]
    series = record.series_key and run.ledger.id_of("series", record.series_key)
    return References(
        tuple(dict.fromkeys(authors)) or (run.owner_id,), tuple(dict.fromkeys(tags)), series
    )


def columns_of(run: Run, article: Article) -> Row:
    """The columns that posts and drafts share."""
    record, content = article.record, article.content
    return {
        "id": article.id,
        "publication_id": run.publication_id,
        "author_id": article.references.authors[0],
        "series_id": article.references.series,
        "subtitle": record.subtitle,
        "brief": record.excerpt or content.brief,
        "content_markdown": record.markdown,
        "content_html": content.html,
        "content_text": content.text,
        "table_of_contents": [asdict(heading) for heading in content.headings],
        "table_of_contents_enabled": record.table_of_contents,
        "read_time_minutes": content.read_time_minutes,
        "language": record.language,
        "cover_image": record.cover_image,
        "canonical_url": record.canonical_url,
        "seo_title": record.seo_title,
        "seo_description": record.seo_description,
        "og_image": record.og_image,
        "delisted": record.delisted,
        "comments_disabled": record.comments_disabled,
    }


def co_authors(owner: str, articles: Sequence[Article]) -> list[Row]:
    """Rows that give co-authors to `owner`, the name of a column that takes the article's id."""
    return [
        {owner: article.id, "user_id": user_id, "position": position}
        for article in articles
        for position, user_id in enumerate(article.references.authors[1:])
    ]


def earlier_rows(run: Run, rows: Container[str], records: Sequence[PostRecord]) -> dict[str, str]:
    """By the records' keys: those of `rows` that they became in an earlier import."""
    found = {record.key: run.ledger.row_in(rows, "post", record.key) for record in records}
    return {key: row for key, row in found.items() if row is not None}


async def changed(
    run: Run,
    kind: Prefix,
    row_of: Callable[[str | None], str | None],
    records: Sequence[PostRecord],
) -> list[Article]:
    """The records that are new or not what they were, rendered.

    `kind` (`post` or `draft`) is what they become, `row_of` leads from a record's last row to its
    present one.
    """
    pending = []
    for record in records:
        references = references_of(run, record)
        settled = _settle(run, kind, row_of, record, references)
        run.places[record.key] = record.place
        if settled.written:
            pending.append((settled.row_id, record, references))
    contents = await render_all([record for _, record, _ in pending])
    return [Article(*parts, content) for parts, content in zip(pending, contents, strict=True)]


def _settle(
    run: Run,
    kind: Prefix,
    row_of: Callable[[str | None], str | None],
    record: PostRecord,
    references: References,
) -> Settled:
    digest = digest_of(record, references, run.language, RENDERER)
    origin = run.ledger.origin("post", record.key)
    row_id = row_of(origin.row_id if origin else None)
    if row_id is None:
        made = Settled(new_id(kind), "created")
        return run.ledger.enter("post", record.key, digest, made, kind)
    if origin == Origin(row_id, digest):
        return run.ledger.keep("post", record.key, kind)
    return run.ledger.enter("post", record.key, digest, Settled(row_id, "updated"), kind)
