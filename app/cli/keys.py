"""`masthead keys`: replace the keys that sign, and the secret that seals."""

import asyncio
from dataclasses import dataclass

from cyclopts import App

from app.cli.terminal import output
from app.deployment import authority_of, database_of
from app.settings import Settings, load
from db import preflight
from db.database import Database
from db.errors import ConfigurationError
from db.signing_keys import FRESH, NOTICE, rotate_signing_key
from db.viewer import Client
from db.writes import audit
from db.writes.sealing import reseal
from identity.secrets import Unreadable

keys = App(name="keys", help="Replace the keys that sign, and the secret that seals.")
CLIENT = Client("masthead keys rotate")


@dataclass(frozen=True, slots=True)
class Rotation:
    """What was done."""

    key_id: str
    resealed: dict[str, int]


@keys.command
def rotate(*, now: bool = False) -> None:
    """Make a new signing key, and seal everything with the first of MASTHEAD_SECRET_KEYS.

    The new key signs in ten minutes; what the old ones have signed stays good, and nobody is signed out.

    Parameters
    ----------
    now
        For a key that was stolen: delete the old ones, and with them all access tokens. Clients get new
        ones by their refresh tokens.
    """
    settings = load()
    with database_of(settings) as addresses:
        if not preflight.is_prepared(addresses.owner, addresses.application):
            raise ConfigurationError("the database is not at this version: run `masthead migrate`")
        done = asyncio.run(_rotate(settings, addresses.application, now))
    for name, count in done.resealed.items():
        output.print(f"Sealed anew: {count} {name}")
    if now:
        output.print(f"Signing key {done.key_id} has replaced all others")
        output.print(f"Running servers refuse what those have signed within {FRESH:.0f} seconds")
    else:
        minutes = NOTICE.total_seconds() / 60
        output.print(f"Signing key {done.key_id} replaces the others in {minutes:.0f} minutes")


async def _rotate(settings: Settings, url: str, now: bool) -> Rotation:
    """In one transaction. Raises ConfigurationError where a secret is missing."""
    database = Database(url)
    keyring = authority_of(settings, database).keyring
    try:
        async with database.write() as tx:
            resealed = await reseal(tx, keyring)
            key_id = await rotate_signing_key(tx, keyring, settings.token_algorithm, at_once=now)
            await audit.record(tx, CLIENT, None, "signing_key.rotate", key_id, at_once=now)
    except Unreadable:
        raise ConfigurationError(
            "nothing was changed: MASTHEAD_SECRET_KEYS lacks a secret that something is sealed with"
        ) from None
    finally:
        await database.dispose()
    return Rotation(key_id, resealed)
