"""The menu of a publication, which is written as a whole."""

from collections.abc import Sequence

from sqlalchemy import select

from db.ids import new_id
from db.models.publication import NavigationItem
from db.writes.imports.ledger import digest_of
from db.writes.imports.run import Run
from db.writes.imports.statements import Row, replace
from db.writes.records import NavigationRecord

# A publication has one menu; it is known by its first entry.
MENU = "menu"


async def write_navigation(run: Run, records: Sequence[NavigationRecord]) -> None:
    """Replaces the menu when it has changed, but for one that did not come from this source."""
    entries = [_entry(run, record) for record in records]
    first = await run.tx.scalar(
        select(NavigationItem.id)
        .where(NavigationItem.publication_id == run.publication_id)
        .order_by(NavigationItem.position)
        .limit(1)
    )
    settled = run.ledger.settle("navigation", MENU, digest_of(records[0], entries), first, "nav")
    if settled.written:
        ids = [settled.row_id, *(new_id("nav") for _ in entries[1:])]
        rows = [
            {"id": row_id, "publication_id": run.publication_id, "position": position} | entry
            for position, (row_id, entry) in enumerate(zip(ids, entries, strict=True))
        ]
        await replace(run.tx, NavigationItem.publication_id, [run.publication_id], rows)


def _entry(run: Run, record: NavigationRecord) -> Row:
    page_id = run.ledger.id_of("page", record.page_key) if record.page_key else None
    return {
        "type": "link" if page_id is None else "page",
        "label": record.label,
        "url": record.url or ("/" if page_id is None else None),
        "page_id": page_id,
    }
