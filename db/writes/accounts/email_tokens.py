"""Links that are mailed, and how many: whoever has a token reads the mail of an address."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Any, Final, Literal

from sqlalchemy import Select, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.errors import FieldError, Invalid, RateLimited
from db.models.account import Account, EmailToken, Lockout
from db.viewer import Client, network_of
from identity import opaque

Purpose = Literal["SIGN_UP", "CHANGE_EMAIL", "RESET_PASSWORD"]

LIFETIMES: Final[Mapping[str, timedelta]] = {
    "SIGN_UP": timedelta(hours=24),
    "CHANGE_EMAIL": timedelta(hours=24),
    "RESET_PASSWORD": timedelta(hours=1),
}
WINDOW: Final = timedelta(hours=1)
MAILS: Final = 5
"""How many mails one address gets in a window, whoever asks for them."""
REQUESTS: Final = 20
"""How many one network address may ask for in a window."""


async def issue(
    tx: AsyncConnection,
    purpose: Purpose,
    email: str,
    user_id: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> str:
    """A token to be mailed to the address; only its digest is stored."""
    token = opaque.new_token()
    await tx.execute(
        insert(EmailToken).values(
            digest=opaque.digest(token),
            purpose=purpose,
            user_id=user_id,
            email=email,
            details=dict(details or {}),
            expires_at=datetime.now(UTC) + LIFETIMES[purpose],
        )
    )
    return token


async def find(tx: AsyncConnection, token: str, *purposes: Purpose) -> Any:
    """The living token's row; raises Invalid, at `input.token`, for any other."""
    row = (await tx.execute(_living(token, purposes))).one_or_none()
    if row is None:
        raise not_valid()
    return row


async def find_for_use(tx: AsyncConnection, token: str, *purposes: Purpose) -> Any:
    """As `find`. Nobody else uses a token of its address until the transaction ends.

    They are locked in one order, so that two who use two of them never wait for each other.
    """
    found = await find(tx, token, *purposes)
    of_address = func.lower(EmailToken.email) == found.email.lower()
    await tx.execute(
        select(EmailToken.digest).where(of_address).order_by(EmailToken.digest).with_for_update()
    )
    return await find(tx, token, *purposes)


def not_valid() -> Invalid:
    """What is said of any token that is good for nothing, whatever the reason."""
    message = "This link is not valid, was used before, or is too old."
    return Invalid(message, [FieldError(("input", "token"), message)])


async def forget_of_person(tx: AsyncConnection, user_id: str) -> None:
    """No link that was mailed for the person is good any longer, nor the address that waits for one."""
    await tx.execute(delete(EmailToken).where(EmailToken.user_id == user_id))
    await tx.execute(
        update(Account).where(Account.user_id == user_id).values(unverified_email=None)
    )


async def require_patience(tx: AsyncConnection, client: Client) -> None:
    """Counts a request for mail; raises RateLimited after too many from one network address."""
    if client.address is None:
        return
    count, since = await _counted(tx, f"requests:{network_of(client.address)}")
    if count > REQUESTS:
        left = since + WINDOW - datetime.now(UTC)
        raise RateLimited("Too many requests: try again later.", max(ceil(left.total_seconds()), 1))


async def may_get_mail(tx: AsyncConnection, email: str) -> bool:
    """Counts a mail to the address; whether it is one too many, and not to be sent."""
    name = sha256(email.lower().encode()).hexdigest()
    count, _ = await _counted(tx, f"mail:{name}")
    return count <= MAILS


async def _counted(tx: AsyncConnection, subject: str) -> tuple[int, datetime]:
    """How many there were with this one since the window began, and when that was."""
    now = datetime.now(UTC)
    begins = Lockout.failed_at <= now - WINDOW
    counted = await tx.execute(
        insert(Lockout)
        .values(subject=subject, failures=1, failed_at=now)
        .on_conflict_do_update(
            index_elements=[Lockout.subject],
            set_={
                "failures": case((begins, 1), else_=Lockout.failures + 1),
                "failed_at": case((begins, now), else_=Lockout.failed_at),
            },
        )
        .returning(Lockout.failures, Lockout.failed_at)
    )
    count, since = counted.one()
    return count, since


def _living(token: str, purposes: tuple[Purpose, ...]) -> Select[Any]:
    return select(EmailToken.__table__).where(
        EmailToken.digest == opaque.digest(token),
        EmailToken.purpose.in_(purposes),
        EmailToken.expires_at > datetime.now(UTC),
    )
