"""Sign-ins with a provider that are under way: begun by us, to be answered once, soon."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models.factor import Challenge
from identity import opaque

PATIENCE: Final = timedelta(minutes=10)
"""How long a person may take at the provider."""


async def begin_authorization(
    tx: AsyncConnection, state: str, user_id: str | None, details: dict[str, Any]
) -> None:
    """Keeps `details` until somebody comes back with the state; `user_id` is who links an identity."""
    now = datetime.now(UTC)
    await tx.execute(delete(Challenge).where(Challenge.expires_at < now, _is_ours()))
    await tx.execute(
        insert(Challenge).values(
            digest=opaque.digest(state),
            purpose="OIDC",
            user_id=user_id,
            details=details,
            expires_at=now + PATIENCE,
        )
    )


async def end_authorization(tx: AsyncConnection, state: str) -> Any:
    """The row of `user_id` and `details`, which is gone now; None for a state that is not awaited."""
    found = await tx.execute(
        delete(Challenge)
        .where(Challenge.digest == opaque.digest(state), _is_ours())
        .where(Challenge.expires_at >= datetime.now(UTC))
        .returning(Challenge.user_id, Challenge.details)
    )
    return found.one_or_none()


def _is_ours() -> Any:
    return Challenge.purpose == "OIDC"
