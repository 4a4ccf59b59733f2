"""Media that articles and pages refer to."""

from collections.abc import Mapping

from db.ids import new_id
from db.writes.imports.run import Run
from db.writes.imports.statements import INDEXABLE, Row
from db.writes.records import PageRecord, PostRecord


def media_rows(run: Run, owner: str, records: Mapping[str, PostRecord | PageRecord]) -> list[Row]:
    """Rows for the media of records, which are given by their row ids; `owner` is the ids' column."""
    rows = []
    for row_id, record in records.items():
        for media in {media.url: media for media in record.media}.values():
            if len(media.url.encode()) > INDEXABLE:
                run.report.dropped(record.place, f"media `{media.url[:40]}`", "its URL is too long")
                continue
            rows.append(
                {
                    "id": new_id("media"),
                    "publication_id": run.publication_id,
                    owner: row_id,
                    "url": media.url,
                    "file": media.file,
                    "alt": media.alt,
                    "content_type": media.content_type,
                }
            )
    return rows
