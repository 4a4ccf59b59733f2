"""Everything that is kept of a person, for themselves: a line of JSON for each row, page by page."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import FieldError, Invalid
from db.models.account import Account, Identity
from db.models.audit import AuditEvent
from db.models.comment import Comment
from db.models.draft import Draft
from db.models.factor import Passkey, Totp
from db.models.invitation import Invitation
from db.models.key import ApiKey
from db.models.post import Post
from db.models.publication import Membership, NewsletterSubscriber
from db.models.session import Session
from db.models.user import User
from db.viewer import Client, Viewer
from db.writes import audit

LARGEST: Final = 1_000_000
"""Characters after which a page ends; the line that reaches it stays whole."""
AT_A_TIME: Final = 25
"""How many rows are read at once."""


class Section(NamedTuple):
    """The rows of one kind: whose they are, their unique key, and the columns that are left out.

    Those hold secrets, or what can be made of the others.
    """

    table: Any
    owned: Callable[[str], ColumnElement[bool]]
    key: str = "id"
    hidden: frozenset[str] = frozenset()


class Export(NamedTuple):
    """A page: lines of JSON, and where the next one begins, None after the last."""

    data: str
    end: str | None


def _by(table: Any, column: str = "user_id") -> Callable[[str], ColumnElement[bool]]:
    return lambda user_id: getattr(table, column) == user_id


def _by_address(table: Any) -> Callable[[str], ColumnElement[bool]]:
    def owned(user_id: str) -> ColumnElement[bool]:
        email = select(func.lower(User.email)).where(User.id == user_id).scalar_subquery()
        condition: ColumnElement[bool] = func.lower(table.email) == email
        return condition

    return owned


def _invited(user_id: str) -> ColumnElement[bool]:
    return or_(Invitation.user_id == user_id, _by_address(Invitation)(user_id))


def _logged(user_id: str) -> ColumnElement[bool]:
    """What the person did, and what somebody did who was not signed in, such as failing to be."""
    unknown = and_(AuditEvent.actor_id.is_(None), AuditEvent.target_id == user_id)
    return or_(AuditEvent.actor_id == user_id, unknown)


def _logged_of_others(user_id: str) -> ColumnElement[bool]:
    return and_(AuditEvent.actor_id != user_id, AuditEvent.target_id == user_id)


RENDERED: Final = frozenset(
    {"content_html", "content_text", "table_of_contents", "search_document"}
)

WHEREABOUTS: Final = frozenset({"session_id", "key_id", "address", "user_agent", "request_id"})

SECTIONS: Final[Mapping[str, Section]] = {
    "profile": Section(User, _by(User, "id"), hidden=frozenset({"bio_html", "bio_text"})),
    "account": Section(Account, _by(Account), key="user_id", hidden=frozenset({"password_hash"})),
    "identity": Section(Identity, _by(Identity), hidden=frozenset({"tokens"})),
    "authenticator": Section(
        Totp, _by(Totp), key="user_id", hidden=frozenset({"seed", "last_step"})
    ),
    "passkey": Section(Passkey, _by(Passkey), hidden=frozenset({"public_key"})),
    "api_key": Section(ApiKey, _by(ApiKey), hidden=frozenset({"digest"})),
    "session": Section(Session, _by(Session), hidden=frozenset({"cookie_digest"})),
    "membership": Section(Membership, _by(Membership)),
    "invitation": Section(Invitation, _invited, hidden=frozenset({"digest", "invited_by"})),
    "subscription": Section(NewsletterSubscriber, _by_address(NewsletterSubscriber)),
    "post": Section(Post, _by(Post, "author_id"), hidden=RENDERED | {"search_config"}),
    "draft": Section(Draft, _by(Draft, "author_id"), hidden=RENDERED),
    "comment": Section(Comment, _by(Comment, "author_id"), hidden=RENDERED),
    "audit_event": Section(AuditEvent, _logged),
    "audit_event_of_others": Section(AuditEvent, _logged_of_others, hidden=WHEREABOUTS),
}


async def export_my_data(
    tx: AsyncConnection, client: Client, viewer: Viewer, after: str | None
) -> Export:
    """The page after `after`, which is the `end` of the page before.

    Each line is an object whose `kind` is one of SECTIONS; what follows are the row's columns, without
    secrets. Raises Invalid for an `after` that is none.
    """
    first, last = _place(after)
    if after is None:
        await audit.record(tx, client, viewer, "data.export", viewer.user_id)
    lines: list[str] = []
    size = 0
    async for kind, key, line in _lines(tx, viewer.user_id, first, last):
        lines.append(line)
        size += len(line)
        if size >= LARGEST:
            return Export("".join(lines), f"{kind}:{key}")
    return Export("".join(lines), None)


def _place(after: str | None) -> tuple[str, str]:
    """The kind, and the key of the last row of it that has been given; "" is before the first."""
    if after is None:
        return next(iter(SECTIONS)), ""
    kind, _, key = after.partition(":")
    if kind not in SECTIONS:
        message = "This is not where a page ended."
        raise Invalid(message, [FieldError(("input", "after"), message)])
    return kind, key


async def _lines(
    tx: AsyncConnection, user_id: str, first: str, after: str
) -> AsyncIterator[tuple[str, str, str]]:
    """Kind, key and line of each row, from `first` on, of that kind after the key `after`."""
    kinds = list(SECTIONS)
    for kind in kinds[kinds.index(first) :]:
        async for row in _rows(tx, SECTIONS[kind], user_id, after if kind == first else ""):
            line = json.dumps({"kind": kind, **row}, ensure_ascii=False, default=_written)
            yield kind, row[SECTIONS[kind].key], f"{line}\n"


async def _rows(
    tx: AsyncConnection, section: Section, user_id: str, after: str
) -> AsyncIterator[dict[str, Any]]:
    key = getattr(section.table, section.key)
    columns = [each for each in section.table.__table__.c if each.name not in section.hidden]
    listing = select(*columns).where(section.owned(user_id)).order_by(key).limit(AT_A_TIME)
    while True:
        found = (await tx.execute(listing.where(key > after))).mappings().all()
        for row in found:
            yield dict(row)
        if len(found) < AT_A_TIME:
            return
        after = found[-1][section.key]


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)
