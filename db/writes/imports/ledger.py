"""The memory of imports: which row each record of a source became, and by what content."""

import hashlib
from collections.abc import Container
from dataclasses import dataclass, fields
from typing import Any, Literal

import orjson
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.ids import Prefix, new_id
from db.models.provenance import Provenance
from db.writes.imports.report import Count, MissingRecord, Report

# Stands for the digest of a record whose row was there before: it is pointed to and never written.
RECOGNISED = bytes(32)

Outcome = Literal["created", "updated", "recognised", "unchanged"]


@dataclass(frozen=True, slots=True)
class Origin:
    row_id: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a record: its row, and whether that is made, changed, found or left alone."""

    row_id: str
    outcome: Outcome

    @property
    def written(self) -> bool:
        return self.outcome in ("created", "updated")


def digest_of(record: Any, *context: Any) -> bytes:
    """SHA-256 of a record and of what else its row is made from, as sorted JSON.

    Where the record stands in its source (`place`) does not count: lines shift without a change. Nor
    do fields at their default, so that records may get new fields.
    """
    content = {
        field.name: value
        for field in fields(record)
        if field.name != "place" and (value := getattr(record, field.name)) != field.default
    }
    return hashlib.sha256(orjson.dumps([content, context], option=orjson.OPT_SORT_KEYS)).digest()


class Ledger:
    """The provenance of one publication's rows from one source (`markdown`, `wordpress` ...).

    It also counts, in the report, what becomes of each record.
    """

    def __init__(
        self, publication_id: str, source: str, known: dict[tuple[str, str], Origin], report: Report
    ) -> None:
        self._publication_id = publication_id
        self._source = source
        self._known = known
        self._report = report
        self._seen: set[tuple[str, str]] = set()
        self._new: list[dict[str, Any]] = []

    @classmethod
    async def load(
        cls, tx: AsyncConnection, publication_id: str, source: str, report: Report
    ) -> "Ledger":
        rows = await tx.execute(
            select(Provenance.kind, Provenance.key, Provenance.row_id, Provenance.digest).where(
                Provenance.publication_id == publication_id, Provenance.source == source
            )
        )
        known = {(kind, key): Origin(row_id, digest) for kind, key, row_id, digest in rows}
        return cls(publication_id, source, known, report)

    def __contains__(self, record: tuple[str, str]) -> bool:
        """Whether this import has met the record (kind and key)."""
        return record in self._seen

    def origin(self, kind: str, key: str) -> Origin | None:
        """What the record became in an earlier import."""
        return self._known.get((kind, key))

    def row_in(self, rows: Container[str], kind: str, key: str) -> str | None:
        """The row that the record became earlier, unless it has been deleted since."""
        origin = self.origin(kind, key)
        return origin.row_id if origin and origin.row_id in rows else None

    def id_of(self, kind: str, key: str) -> str:
        """The row of a record that came earlier in the stream.

        Raises LookupError when there was none, which is a fault of the importer.
        """
        if (kind, key) not in self._seen:
            raise LookupError(f"no {kind} with the key {key!r} came before its first mention")
        return self._known[kind, key].row_id

    def ids(self, kind: str) -> list[str]:
        """The rows that records of this kind became."""
        return [origin.row_id for (its, _), origin in self._known.items() if its == kind]

    def made(self, kind: str) -> list[str]:
        """The rows of this kind that imports from this source have written."""
        return [
            origin.row_id
            for (its, _), origin in self._known.items()
            if its == kind and origin.digest != RECOGNISED
        ]

    def settle(
        self, kind: str, key: str, digest: bytes, row_id: str | None, prefix: Prefix
    ) -> Settled:
        """Decides what becomes of a record, and remembers it.

        `row_id` is the row that stands for the record now, if there is one. A row that no import from
        this source has made is recognised: pointed to, and left as it is.
        """
        origin = self.origin(kind, key)
        if row_id is None:
            return self.enter(kind, key, digest, Settled(new_id(prefix), "created"))
        if origin is None or origin.row_id != row_id:
            return self.enter(kind, key, RECOGNISED, Settled(row_id, "recognised"))
        if origin.digest not in (digest, RECOGNISED):
            return self.enter(kind, key, digest, Settled(row_id, "updated"))
        return self.keep(kind, key)

    def keep(self, kind: str, key: str, counted_as: str | None = None) -> Settled:
        """Leaves the record's row as it is."""
        self._see(kind, key, "unchanged", counted_as)
        return Settled(self._known[kind, key].row_id, "unchanged")

    def enter(
        self, kind: str, key: str, digest: bytes, settled: Settled, counted_as: str | None = None
    ) -> Settled:
        """Remembers the record's row and content."""
        self._see(kind, key, settled.outcome, counted_as)
        self._known[kind, key] = Origin(settled.row_id, digest)
        self._new.append({"kind": kind, "key": key, "row_id": settled.row_id, "digest": digest})
        return settled

    async def flush(self, tx: AsyncConnection) -> None:
        """Writes what was entered since the last time."""
        if not self._new:
            return
        statement = insert(Provenance)
        changes = {name: statement.excluded[name] for name in ("row_id", "digest", "imported_at")}
        source = {"publication_id": self._publication_id, "source": self._source}
        await tx.execute(
            statement.on_conflict_do_update(constraint="pk_import_provenance", set_=changes),
            [source | entry for entry in self._new],
        )
        self._new.clear()

    def missing(self) -> list[MissingRecord]:
        """The records of earlier imports that this one did not meet."""
        return [MissingRecord(*name) for name in sorted(self._known.keys() - self._seen)]

    def _see(self, kind: str, key: str, outcome: Outcome, counted_as: str | None) -> None:
        if (kind, key) in self._seen:
            raise LookupError(f"two records of the kind {kind} have the key {key!r}")
        self._seen.add((kind, key))
        self._report.counts.setdefault(counted_as or kind, Count()).add(outcome)
