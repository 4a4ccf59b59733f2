"""Importing: a stream of neutral records (db.writes.records) becomes a publication.

Everything happens in the caller's transaction. Each record's row and the digest of its content are
remembered (db.models.provenance): importing the same source again writes nothing, a changed record
updates its row, one that is gone from the source is reported and its row stays.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.hosts import normalise_host
from db.writes.imports.comments import finish_comments, write_comments
from db.writes.imports.former_slugs import write_former_slugs
from db.writes.imports.navigation import write_navigation
from db.writes.imports.pages import write_pages
from db.writes.imports.people import write_people
from db.writes.imports.posts import write_articles
from db.writes.imports.publication import open_run
from db.writes.imports.redirects import write_redirects
from db.writes.imports.report import Count, ImportedDraft, MissingRecord, Report
from db.writes.imports.run import Run
from db.writes.imports.series import write_series
from db.writes.imports.stream import chunks, groups, opening
from db.writes.imports.tags import write_tags
from db.writes.records import (
    CommentRecord,
    NavigationRecord,
    PageRecord,
    PostRecord,
    Record,
    RedirectRecord,
    SeriesRecord,
    TagRecord,
    UserRecord,
)

__all__ = ["Count", "ImportedDraft", "MissingRecord", "Progress", "Report", "import_publication"]

Progress = Callable[[str, int], None]

Writer = Callable[[Run, list[Any]], Awaitable[None]]

# By the type of record: how progress names it, how many are in memory at once, and what writes them.
STEPS: dict[type[Any], tuple[str, int, Writer]] = {
    UserRecord: ("user", 1000, write_people),
    TagRecord: ("tag", 1000, write_tags),
    SeriesRecord: ("series", 1000, write_series),
    PostRecord: ("post", 50, write_articles),
    PageRecord: ("page", 50, write_pages),
    CommentRecord: ("comment", 1000, write_comments),
    RedirectRecord: ("redirect", 1000, write_redirects),
    NavigationRecord: ("navigation", 1000, write_navigation),
}

# Any number, the same in every version. Imports share users and tags, so they take turns.
TURN = 0x6D617375


async def import_publication(
    tx: AsyncConnection,
    host: str,
    source: str,
    records: Iterable[Record],
    progress: Progress | None = None,
) -> Report:
    """Imports a stream of records as the publication at `host`; `source` names their format.

    `progress` is told, after each step, a kind of record and how many of it were done in that step.

    Raises Invalid when the host is none, and whatever the stream raises (BrokenSource above all); the
    caller's transaction must then be rolled back.
    """
    advance = progress or _silent
    report = Report(normalise_host(host))
    await tx.execute(select(func.pg_advisory_xact_lock(TURN)))
    site, users, remaining = opening(groups(records, report.notes))
    run = await open_run(tx, source, site, users, report)
    advance("user", len(users))
    for kind, group in remaining:
        name, size, write = STEPS[kind]
        for chunk in chunks(group, size):
            await write(run, chunk)
            await run.ledger.flush(tx)
            advance(name, len(chunk))
    await finish_comments(run)
    await write_former_slugs(run)
    report.missing.extend(run.ledger.missing())
    return report


def _silent(kind: str, count: int) -> None:
    """Nobody wants to know."""
