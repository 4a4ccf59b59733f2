"""`masthead import`: a site's export or source tree becomes a publication."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import orjson
import rich.progress
from rich.progress import SpinnerColumn, TaskID, TextColumn
from rich.table import Table

from app.cli.terminal import errors, output
from app.deployment import database_of
from app.importers import IMPORTERS, markdown
from app.settings import load
from db.database import Database
from db.errors import ConfigurationError
from db.preparation import prepare
from db.writes.imports import Progress, Report, import_publication
from db.writes.records import PublicationRecord, Record

SAMPLE: Final = Path(__file__).parents[2] / "sample"
SAMPLE_HOST: Final = "sample.masthead.test"


def importing(
    format: Literal["markdown", "wordpress", "ghost", "hashnode"],
    path: Path,
    *,
    host: str,
    title: str | None = None,
    report: Path | None = None,
) -> None:
    """Import a site, or bring in what has changed in it since the last time.

    Parameters
    ----------
    format
        What it is: a tree of Markdown files (Zola, Hugo, Jekyll), a WordPress export (WXR), a Ghost
        export (JSON) or a Hashnode backup.
    path
        The folder or file.
    host
        The host of the publication, such as blog.example.com.
    title
        A title for the publication other than the source's.
    report
        Write the whole report to this file as JSON.
    """
    _check(path, report)
    records = _titled(IMPORTERS[format](path, datetime.now(UTC)), title)
    with database_of(load()) as addresses:
        prepare(addresses.owner, addresses.application)
        with _progress() as progress:
            done = asyncio.run(_write(addresses.application, host, format, records, progress))
    if report is not None:
        report.write_bytes(orjson.dumps(done, option=orjson.OPT_INDENT_2))
    _show(done)


def _check(path: Path, report: Path | None) -> None:
    """Before the work rather than after it."""
    if not path.exists():
        raise ConfigurationError(f"{path} does not exist")
    try:
        if report is not None:
            _check_writable(report)
    except OSError as error:
        raise ConfigurationError(f"{report}: {error.strerror}") from error


def _check_writable(file: Path) -> None:
    """Raises OSError when the file cannot be written; leaves everything as it was."""
    existed = file.exists()
    file.open("ab").close()
    if not existed:
        file.unlink()


def import_sample(url: str) -> None:
    """Imports the sample publication into the database at `url` (a SQLAlchemy URL)."""
    records = markdown.read(SAMPLE, datetime.now(UTC))
    asyncio.run(_write(url, SAMPLE_HOST, "markdown", records))


async def _write(
    url: str,
    host: str,
    source: str,
    records: Iterable[Record],
    progress: Progress | None = None,
) -> Report:
    database = Database(url)
    try:
        async with database.write() as tx:
            return await import_publication(tx, host, source, records, progress)
    finally:
        await database.dispose()


def _titled(records: Iterable[Record], title: str | None) -> Iterator[Record]:
    for record in records:
        if title and isinstance(record, PublicationRecord):
            yield replace(record, title=title)
        else:
            yield record


@contextmanager
def _progress() -> Iterator[Progress]:
    """A live line for each kind of record on a terminal; elsewhere the lines as they are at the end."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed}"))
    with rich.progress.Progress(*columns, console=errors) as shown:
        tasks: dict[str, TaskID] = {}

        def advance(kind: str, count: int) -> None:
            if kind not in tasks:
                tasks[kind] = shown.add_task(kind, total=None)
            shown.advance(tasks[kind], count)

        yield advance


def _show(report: Report) -> None:
    """A table of the counts, then every element that did not come in as it was."""
    table = Table("", "created", "updated", "unchanged", title=report.host)
    for kind, count in report.counts.items():
        table.add_row(kind, str(count.created), str(count.updated), str(count.unchanged))
    output.print(table)
    for note in report.notes:
        output.print(
            f"{'dropped' if note.dropped else 'changed'} {note.place} {note.element}: {note.reason}"
        )
    for missing in report.missing:
        output.print(f"kept {missing.kind} {missing.key}: it is no longer in the source")
