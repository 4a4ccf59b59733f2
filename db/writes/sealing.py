"""What stands sealed in the database, sealed anew when the deployment's secret is replaced."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models.account import Identity
from db.models.factor import Totp
from db.models.invitation import RoleInvitation
from db.models.key import SigningKey
from identity.secrets import Keyring

# By what it is for people: the key of a row, and what is sealed in it. A sign-in under way is not worth it.
SEALED: Final[Mapping[str, tuple[Any, Any]]] = {
    "signing keys": (SigningKey.id, SigningKey.private),
    "authenticator seeds": (Totp.user_id, Totp.seed),
    "tokens of identity providers": (Identity.id, Identity.tokens),
    "invitation links": (RoleInvitation.id, RoleInvitation.token),
}


async def reseal(tx: AsyncConnection, keyring: Keyring) -> dict[str, int]:
    """Seals everything with the newest secret; how much of each there is. Raises Unreadable."""
    return {name: await _reseal(tx, keyring, *columns) for name, columns in SEALED.items()}


async def _reseal(tx: AsyncConnection, keyring: Keyring, key: Any, sealed: Any) -> int:
    rows = (
        await tx.execute(select(key, sealed).where(sealed.is_not(None)).with_for_update())
    ).all()
    for row_key, text in rows:
        await tx.execute(
            update(key.class_).where(key == row_key).values({sealed: keyring.reseal(text)})
        )
    return len(rows)
