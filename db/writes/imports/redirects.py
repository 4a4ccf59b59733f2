"""Rules for old addresses."""

from collections.abc import Sequence

from db.models.publication import RedirectionRule
from db.writes.imports.ledger import digest_of
from db.writes.imports.run import Run
from db.writes.imports.statements import INDEXABLE, Row, upsert
from db.writes.records import Place, RedirectRecord


async def write_redirects(run: Run, records: Sequence[RedirectRecord]) -> None:
    """Of two rules for one path the first counts."""
    rows: list[Row] = []
    for record in records:
        source = "/" + record.source.lstrip("/")
        refusal = _refusal(run, record, source)
        if refusal is not None:
            element = f"redirect to `{record.destination}`"
            run.report.dropped(Place(source[:INDEXABLE]), element, refusal)
            continue
        known = run.existing.redirects.get(source)
        settled = run.ledger.settle("redirect", source, digest_of(record), known, "redirect")
        if settled.written:
            rows.append(_row(run, record, source, settled.row_id))
    await upsert(run.tx, RedirectionRule, rows)


def _refusal(run: Run, record: RedirectRecord, source: str) -> str | None:
    if len(source.encode()) > INDEXABLE:
        return "the path is too long"
    if not record.destination:
        return "it leads nowhere"
    if record.destination.rstrip("/") in run.hidden_addresses:
        return "the page there is not public"
    if ("redirect", source) in run.ledger:
        return "another rule leads elsewhere from there"
    return None


def _row(run: Run, record: RedirectRecord, source: str, row_id: str) -> Row:
    return {
        "id": row_id,
        "publication_id": run.publication_id,
        "source": source,
        "destination": record.destination,
        "type": "PERMANENT" if record.permanent else "TEMPORARY",
    }
