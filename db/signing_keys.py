"""The keys that sign access tokens: kept in the database, sealed, and shared by all servers."""

import asyncio
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.database import Database
from db.models import key as models
from identity.secrets import Keyring
from identity.tokens import LEEWAY, LIFETIME, SigningKey, new_signing_key

FRESH: Final = 60.0
"""Seconds for which the keys are not looked up again."""
COOLDOWN: Final = 5.0
"""Seconds between two searches for a key that is not known: a made-up key id costs no statement."""
NOTICE: Final = timedelta(minutes=10)
"""How long a new key is published before it signs, so that others have heard of it by then."""

# One server at a time makes a key; any number, the same in every version.
ALONE: Final = select(func.pg_advisory_xact_lock(0x6D736B65))


class SigningKeys:
    """All keys that are valid, read when they are needed and remembered for FRESH seconds.

    New ones are for `algorithm`.
    """

    def __init__(self, database: Database, keyring: Keyring, algorithm: str) -> None:
        self._database = database
        self._keyring = keyring
        self._algorithm = algorithm
        self._keys: dict[str, SigningKey] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def current(self) -> SigningKey:
        """The key that signs now; made when there is none for the algorithm."""
        await self._refresh(FRESH)
        key = self._signing()
        if key is None:
            async with self._database.write() as tx:
                await make_signing_key(tx, self._keyring, self._algorithm)
            await self._refresh(0)
            key = self._signing()
        assert key is not None  # noqa: S101 - it has just been made
        return key

    async def find(self, key_id: str | None) -> SigningKey | None:
        """The key with this id that verifies now; one made by another server a moment ago, too."""
        if key_id is None:
            return None
        await self._refresh(FRESH)
        if key_id not in self._keys:
            await self._refresh(COOLDOWN)
        key = self._keys.get(key_id)
        return key if key is not None and key.verifies_at(datetime.now(UTC)) else None

    async def jwks(self) -> dict[str, Any]:
        """The public keys as a JSON Web Key Set (RFC 7517, section 5), those to come as well."""
        await self.current()
        now = datetime.now(UTC)
        keys = (key.jwk() for key in self._keys.values() if key.verifies_at(now))
        return {"keys": [key for key in keys if key is not None]}

    def forget(self) -> None:
        """Reads the keys anew when they are next needed."""
        self._read_at = float("-inf")

    def _signing(self) -> SigningKey | None:
        now = datetime.now(UTC)
        able = [
            key
            for key in self._keys.values()
            if key.signs_at(now) and key.algorithm == self._algorithm
        ]
        return max(able, key=lambda key: key.active_from, default=None)

    async def _refresh(self, age: float) -> None:
        """Reads the keys unless that was done in the last `age` seconds."""
        async with self._reading:
            if monotonic() - self._read_at < age:
                return
            async with self._database.read() as connection:
                rows = await connection.execute(select(models.SigningKey))
                self._keys = {row.id: self._opened(row) for row in rows}
            self._read_at = monotonic()

    def _opened(self, row: Any) -> SigningKey:
        private = self._keyring.open(row.private)
        return SigningKey(row.id, row.algorithm, private, row.active_from, row.retired_at)


async def make_signing_key(tx: AsyncConnection, keyring: Keyring, algorithm: str) -> str:
    """The id of a key that signs from now on: a new one, unless there is one for the algorithm."""
    await tx.execute(ALONE)
    now = datetime.now(UTC)
    model = models.SigningKey
    known: str | None = await tx.scalar(
        select(model.id).where(
            model.algorithm == algorithm, model.active_from <= now, model.retired_at.is_(None)
        )
    )
    return known or await _store(tx, keyring, new_signing_key(algorithm, now))


async def rotate_signing_key(
    tx: AsyncConnection, keyring: Keyring, algorithm: str, *, at_once: bool = False
) -> str:
    """The id of a new key, which replaces the others NOTICE from now.

    What they have signed stays valid to its end, so nobody is signed out. `at_once` is for a key that
    was stolen: the others are gone, and so are the access tokens that they have signed.
    """
    await tx.execute(ALONE)
    now = datetime.now(UTC)
    start = now if at_once else now + NOTICE
    model = models.SigningKey
    if at_once:
        await tx.execute(delete(model))
    await tx.execute(
        delete(model).where(model.retired_at < now - LIFETIME - LEEWAY - timedelta(days=1))
    )
    await tx.execute(update(model).where(model.retired_at.is_(None)).values(retired_at=start))
    return await _store(tx, keyring, new_signing_key(algorithm, start))


async def _store(tx: AsyncConnection, keyring: Keyring, key: SigningKey) -> str:
    await tx.execute(
        insert(models.SigningKey).values(
            id=key.id,
            algorithm=key.algorithm,
            private=keyring.seal(key.private),
            active_from=key.active_from,
        )
    )
    return key.id
