"""Deleting accounts: at once nobody can act as the person any more, after GRACE all of it is gone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.authority import Authority
from db.database import Database
from db.errors import Conflict, FieldError, Forbidden, Invalid
from db.ids import uuid7
from db.models.account import Account, EmailToken, Identity
from db.models.draft import Draft, DraftCoAuthor
from db.models.factor import Challenge, Passkey, RecoveryCode, Totp
from db.models.invitation import Invitation
from db.models.key import ApiKey
from db.models.post import Post, PostCoAuthor
from db.models.publication import Membership, Publication
from db.models.session import Session
from db.models.user import User
from db.viewer import Client, Viewer
from db.writes import audit
from db.writes.accounts.passwords import prove_own_password
from db.writes.accounts.sessions import end_sessions

GRACE: Final = timedelta(days=14)
"""How long a deletion can be called off, by signing in."""
RECENT: Final = timedelta(minutes=10)
"""How long ago somebody without a password may have signed in."""
AT_A_TIME: Final = 20
"""How many accounts a transaction deletes."""
SERVER: Final = Client("account.delete_due")

# What knows a person by `user_id` and is of no use without them.
OWN: Final[Sequence[Any]] = (
    Session,
    ApiKey,
    Identity,
    Totp,
    RecoveryCode,
    Passkey,
    Challenge,
    EmailToken,
    Invitation,
    Account,
)
ERASED: Final = (
    "email",
    "tagline",
    "bio_markdown",
    "bio_html",
    "bio_text",
    "location",
    "available_for",
    "profile_picture",
)


async def delete_account(
    database: Database,
    authority: Authority,
    client: Client,
    viewer: Viewer,
    password: str | None,
    *,
    removes_posts: bool,
) -> datetime:
    """Closes the viewer's account, to be deleted after GRACE; when that is.

    Their sessions end and their API keys are revoked. Raises Invalid for a wrong or missing password
    of an account that has one, Forbidden for a session that is not RECENT of one that has none,
    Conflict for the owner of a publication that has other members, RateLimited after many wrong ones.
    """
    await _prove(database, authority, client, viewer, password)
    due_at = datetime.now(UTC) + GRACE
    values = {"deletion_due_at": due_at, "deletion_removes_posts": removes_posts}
    async with database.write() as tx:
        await tx.execute(update(User).where(User.id == viewer.user_id).values(deactivated=True))
        # Whoever is about to hand a publication over to them is waited for, or waits, and sees this.
        await _require_no_team(tx, viewer.user_id)
        await tx.execute(
            insert(Account)
            .values(user_id=viewer.user_id, **values)
            .on_conflict_do_update(index_elements=[Account.user_id], set_=values)
        )
        await _disarm(tx, viewer.user_id)
        await audit.record(
            tx, client, viewer, "account.close", viewer.user_id, removes_posts=removes_posts
        )
        await end_sessions(tx, client, viewer, viewer.user_id)
    return due_at


async def delete_due_accounts(tx: AsyncConnection, now: datetime) -> Sequence[str]:
    """Deletes up to AT_A_TIME accounts whose GRACE was over by then; whose they were.

    Call it again while it returns any. Several may run at one time: none takes what another has.
    """
    due = await tx.execute(
        select(Account.user_id, Account.deletion_removes_posts)
        .where(Account.deletion_due_at <= now)
        .order_by(Account.deletion_due_at, Account.user_id)
        .limit(AT_A_TIME)
        .with_for_update(skip_locked=True)
    )
    people = due.all()
    for user_id, removes_posts in people:
        await _delete(tx, user_id, removes_posts=removes_posts)
    return [person.user_id for person in people]


async def _prove(
    database: Database, authority: Authority, client: Client, viewer: Viewer, password: str | None
) -> None:
    async with database.read() as connection:
        stored = await connection.scalar(
            select(Account.password_hash).where(Account.user_id == viewer.user_id)
        )
    if stored is None:
        since = viewer.proven_at
        if since is None or datetime.now(UTC) - since > RECENT:
            raise Forbidden("Sign in again, then delete the account within ten minutes.")
    elif password is None:
        message = "The password is needed."
        raise Invalid(message, [FieldError(("input", "password"), message)])
    else:
        await prove_own_password(database, authority, client, viewer, password, "password")


async def _require_no_team(tx: AsyncConnection, user_id: str) -> None:
    """Raises Conflict while the person owns a publication that others belong to."""
    others = exists().where(
        Membership.publication_id == Publication.id, Membership.user_id != user_id
    )
    titles = await tx.scalars(
        select(Publication.title)
        .where(Publication.owner_id == user_id, others)
        .order_by(Publication.title)
    )
    owned = titles.all()
    if owned:
        raise Conflict(f"Hand over first what others write for, too: {', '.join(owned)}.")


async def _disarm(tx: AsyncConnection, user_id: str) -> None:
    """Whatever was made to act for the person, or to get in, is good for nothing from now on."""
    await tx.execute(
        update(ApiKey)
        .where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=datetime.now(UTC))
    )
    for table in (EmailToken, Challenge):
        await tx.execute(delete(table).where(table.user_id == user_id))


async def _delete(tx: AsyncConnection, user_id: str, *, removes_posts: bool) -> None:
    if removes_posts:
        await _remove_posts(tx, user_id)
    await _leave(tx, user_id)
    for table in OWN:
        await tx.execute(delete(table).where(table.user_id == user_id))
    await tx.execute(
        update(User)
        .where(User.id == user_id)
        .values(
            username=f"deleted-{uuid7()}",
            name="Deleted user",
            social_links={},
            role="USER",
            deactivated=True,
            updated_at=datetime.now(UTC),
            **dict.fromkeys(ERASED),
        )
    )
    await audit.record(tx, SERVER, None, "account.delete", user_id, removes_posts=removes_posts)


async def _remove_posts(tx: AsyncConnection, user_id: str) -> None:
    """Removes what the person published, and deletes what they have not."""
    await tx.execute(
        update(Post)
        .where(Post.author_id == user_id, Post.status == "PUBLISHED")
        .values(status="REMOVED")
    )
    await tx.execute(delete(Draft).where(Draft.author_id == user_id))
    for table in (PostCoAuthor, DraftCoAuthor):
        await tx.execute(delete(table).where(table.user_id == user_id))


async def _leave(tx: AsyncConnection, user_id: str) -> None:
    """Leaves all publications but the person's own: those an administrator can hand over."""
    own = (Membership.user_id == user_id, Membership.role == "OWNER")
    await tx.execute(
        delete(Membership).where(Membership.user_id == user_id, Membership.role != "OWNER")
    )
    await tx.execute(update(Membership).where(*own).values(privacy="PRIVATE"))
