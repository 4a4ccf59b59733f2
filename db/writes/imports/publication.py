"""The publication itself, and who owns it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.ids import new_id
from db.models.publication import Publication
from db.writes.imports.existing import Existing
from db.writes.imports.ledger import Ledger, Settled, digest_of
from db.writes.imports.people import write_memberships, write_users
from db.writes.imports.rendering import RENDERER, rendered
from db.writes.imports.report import Report
from db.writes.imports.run import Run
from db.writes.imports.statements import upsert
from db.writes.records import Place, PublicationRecord, UserRecord

# The keys of what a source has one of: the site, and the user made for a site without members.
SITE = "site"
TEAM = "team"


async def open_run(
    tx: AsyncConnection,
    source: str,
    record: PublicationRecord,
    users: Sequence[UserRecord],
    report: Report,
) -> Run:
    """Finds the publication at the report's host, or makes it, together with its first users.

    A publication that was there before the first import from this source keeps its title and the like.
    """
    found = await _find(tx, report.host)
    report.publication_id = found[0] if found else new_id("pub")
    ledger = await Ledger.load(tx, report.publication_id, source, report)
    now = datetime.now(UTC)
    if not _members(users) and (found is None or ledger.origin("user", TEAM)):
        users = [*users, UserRecord(key=TEAM, name=f"{record.title} team", role="OWNER")]
    fresh = await write_users(tx, ledger, report, now, users)
    owner_id = found[1] if found else ledger.id_of("user", _members(users)[0].key)
    await _write_publication(tx, ledger, report, record, owner_id, now, is_new=found is None)
    await write_memberships(tx, ledger, report.publication_id, owner_id, fresh)
    await ledger.flush(tx)
    existing = await Existing.load(tx, report.publication_id)
    return Run(tx, report, ledger, existing, owner_id, record.language, now)


async def _find(tx: AsyncConnection, host: str) -> tuple[str, str] | None:
    """The ids of the publication at the host and of its owner."""
    query = select(Publication.id, Publication.owner_id).where(Publication.host == host)
    return (await tx.execute(query)).one_or_none()


def _members(users: Sequence[UserRecord]) -> list[UserRecord]:
    """Those with a role, the owners first."""
    members = [user for user in users if user.role is not None]
    return sorted(members, key=lambda user: user.role != "OWNER")


async def _write_publication(
    tx: AsyncConnection,
    ledger: Ledger,
    report: Report,
    record: PublicationRecord,
    owner_id: str,
    now: datetime,
    *,
    is_new: bool,
) -> None:
    digest = digest_of(record, RENDERER)
    if is_new:
        made = Settled(report.publication_id, "created")
        settled = ledger.enter("publication", SITE, digest, made)
    else:
        settled = ledger.settle("publication", SITE, digest, report.publication_id, "pub")
    if settled.written:
        row = {
            "id": report.publication_id,
            "host": report.host,
            "owner_id": owner_id,
            "title": record.title.strip() or report.host,
            "description_seo": record.description or record.tagline,
            "language": record.language,
            "favicon": record.favicon,
            "logo": record.logo,
            "og_image": record.og_image,
            "created_at": record.created_at or now,
            "updated_at": now,
        } | rendered("about", record.about_markdown, Place(SITE))
        await upsert(tx, Publication, [row], keep={"owner_id", "created_at"})
