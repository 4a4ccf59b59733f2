"""Users and their memberships. Who somebody is, is never guessed from a name."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content import slugify
from db.ids import new_id
from db.models.publication import Membership
from db.models.user import User
from db.writes.imports.ledger import Ledger, digest_of
from db.writes.imports.rendering import RENDERER, rendered
from db.writes.imports.report import Report
from db.writes.imports.run import Run
from db.writes.imports.statements import INDEXABLE, Row, among, upsert
from db.writes.records import Place, UserRecord
from db.writes.slugs import Slugs, segment

NUMBER = r"-\d+$"


async def write_users(
    tx: AsyncConnection,
    ledger: Ledger,
    report: Report,
    now: datetime,
    records: Sequence[UserRecord],
) -> list[UserRecord]:
    """A record is the user that it became before, or the one with its e-mail address, or a new one.

    Returns the records that are new or have changed.
    """
    usernames = await _usernames(tx, ledger.ids("user"))
    owners = await _ids_by_email(tx, [email for record in records if (email := _email(record))])
    names = Slugs(await _taken_usernames(tx, map(_wish, records)))
    rows, fresh = [], []
    for record in records:
        email = _email(record)
        known = ledger.row_in(usernames, "user", record.key) or owners.get(email or "")
        digest = digest_of(record, RENDERER)
        settled = ledger.settle("user", record.key, digest, known, "user")
        if settled.outcome != "unchanged":
            fresh.append(record)
        if settled.written:
            if email and owners.setdefault(email, settled.row_id) != settled.row_id:
                report.dropped(Place(record.key), f"e-mail of {record.name}", "another user has it")
                email = None
            username = usernames.get(settled.row_id) or names.claim(_wish(record))
            rows.append(_row(record, settled.row_id, username, email, now))
    await upsert(tx, User, rows, keep={"username", "created_at"})
    return fresh


def _row(record: UserRecord, row_id: str, username: str, email: str | None, now: datetime) -> Row:
    return {
        "id": row_id,
        "username": username,
        "name": record.name.strip() or username,
        "email": email,
        "tagline": record.tagline,
        "location": record.location,
        "profile_picture": record.profile_picture,
        "social_links": {"website": record.website} if record.website else {},
        "created_at": now,
        "updated_at": now,
    } | rendered("bio", record.bio_markdown, Place(record.key))


def _wish(record: UserRecord) -> str:
    return segment(record.username or slugify(record.name), "user").lower()


def _email(record: UserRecord) -> str | None:
    email = (record.email or "").strip().lower()
    return email if 0 < len(email) <= INDEXABLE else None


async def _usernames(tx: AsyncConnection, ids: Iterable[str]) -> dict[str, str]:
    rows = await tx.execute(select(User.id, User.username).where(among(User.id, ids)))
    return dict(rows.all())


async def _ids_by_email(tx: AsyncConnection, emails: Iterable[str]) -> dict[str, str]:
    email = func.lower(User.email)
    rows = await tx.execute(select(email, User.id).where(among(email, emails)))
    return dict(rows.all())


async def _taken_usernames(tx: AsyncConnection, wishes: Iterable[str]) -> Sequence[str]:
    """Every username that is one of the wishes, with or without a number."""
    stems = {re.sub(NUMBER, "", wish) for wish in wishes}
    username = func.lower(User.username)
    found = await tx.scalars(
        select(username).where(among(func.regexp_replace(username, NUMBER, ""), stems))
    )
    return found.all()


async def write_memberships(
    tx: AsyncConnection,
    ledger: Ledger,
    publication_id: str,
    owner_id: str,
    records: Sequence[UserRecord],
) -> None:
    """Gives new and changed users their roles. There is one owner, who stays; any other is an editor."""
    roles = {
        ledger.id_of("user", record.key): "EDITOR" if record.role == "OWNER" else record.role
        for record in records
        if record.role is not None
    }
    if owner_id in roles:
        roles[owner_id] = "OWNER"
    rows = [
        {"id": new_id("member"), "publication_id": publication_id, "user_id": user_id, "role": role}
        for user_id, role in roles.items()
    ]
    if rows:
        statement = insert(Membership)
        await tx.execute(
            statement.on_conflict_do_update(
                index_elements=["publication_id", "user_id"],
                set_={"role": statement.excluded.role},
                where=Membership.role != "OWNER",
            ),
            rows,
        )


async def write_people(run: Run, records: Sequence[UserRecord]) -> None:
    """Users and their roles, once the publication is there."""
    fresh = await write_users(run.tx, run.ledger, run.report, run.now, records)
    await write_memberships(run.tx, run.ledger, run.publication_id, run.owner_id, fresh)
