"""Passkeys: registered, named, used, removed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.authority import Authority
from db.database import Database
from db.errors import Conflict, FieldError, Invalid, NotFound, Unauthenticated
from db.ids import new_id
from db.models.factor import Passkey
from db.models.user import User
from db.viewer import Client, Viewer
from db.viewers import may_sign_in
from db.writes import audit
from db.writes.accounts import challenges
from db.writes.accounts.notices import notify
from db.writes.accounts.recovery import codes_unless_some_are_left, forget_codes_without_factor
from db.writes.accounts.sessions import strengthen
from identity import passkeys as webauthn

MOST: Final = 20
"""How many passkeys a person has at most."""
LONGEST_NAME: Final = 100
WRONG: Final = "This passkey cannot be used here, or the request for it has expired: try again."


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser is asked, and the token with which its answer is to come."""

    asked: challenges.Asked
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Added:
    """A new passkey, and the recovery codes that came with it, if any did."""

    id: str
    recovery_codes: list[str]


async def start_passkey_registration(
    tx: AsyncConnection, authority: Authority, viewer: Viewer
) -> Request:
    """Asks for a new passkey; raises Conflict where the viewer has MOST."""
    known = await credentials_of(tx, viewer.user_id)
    if len(known) >= MOST:
        raise Conflict(f"There are {MOST} passkeys: remove one first.")
    person = (
        await tx.execute(select(User.username, User.name).where(User.id == viewer.user_id))
    ).one()
    ceremony = webauthn.registration_options(
        authority.relying_party,
        webauthn.Person(viewer.user_id, person.username, person.name),
        known,
    )
    return await _asked(tx, "PASSKEY_REGISTRATION", viewer.user_id, ceremony)


async def finish_passkey_registration(
    database: Database,
    authority: Authority,
    client: Client,
    viewer: Viewer,
    token: str,
    credential: Any,
    name: str,
) -> Added:
    """Adds the passkey that the browser has made for the request with this token.

    Raises Invalid for another answer, and for a bad name; Conflict for a passkey that is known.
    """
    named = valid_name(name)
    async with database.write() as tx:
        waiting = await challenges.take(tx, token, "PASSKEY_REGISTRATION")
    if waiting is None or waiting.user_id != viewer.user_id:
        raise Invalid(WRONG, [FieldError(("input", "token"), WRONG)])
    try:
        made = webauthn.verified_registration(
            authority.relying_party, waiting.details["challenge"], credential
        )
    except webauthn.Rejected:
        raise Invalid(WRONG, [FieldError(("input", "credential"), WRONG)]) from None
    async with database.write() as tx:
        return await _add(tx, client, viewer, made, named)


async def rename_passkey(
    tx: AsyncConnection, client: Client, viewer: Viewer, passkey_id: str, name: str
) -> None:
    """Raises NotFound for a passkey that is not the viewer's, Invalid for a bad name."""
    done = await tx.execute(
        update(Passkey)
        .where(Passkey.id == passkey_id, Passkey.user_id == viewer.user_id)
        .values(name=valid_name(name))
    )
    _require_found(done.rowcount)
    await audit.record(tx, client, viewer, "passkey.rename", passkey_id)


async def remove_passkey(
    tx: AsyncConnection, client: Client, viewer: Viewer, passkey_id: str
) -> None:
    """Raises NotFound for a passkey that is not the viewer's."""
    done = await tx.execute(
        delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == viewer.user_id)
    )
    _require_found(done.rowcount)
    await forget_codes_without_factor(tx, viewer.user_id)
    await audit.record(tx, client, viewer, "passkey.remove", passkey_id)
    await notify(tx, viewer.user_id, "A passkey was removed.")


async def start_passkey_sign_in(tx: AsyncConnection, authority: Authority) -> Request:
    """Asks for any passkey, of nobody in particular."""
    ceremony = webauthn.assertion_options(authority.relying_party, alone=True)
    return await _asked(tx, "PASSKEY_ASSERTION", None, ceremony)


async def start_passkey_step_up(
    tx: AsyncConnection, authority: Authority, viewer: Viewer
) -> Request:
    """Asks for one of the viewer's passkeys; raises NotFound where they have none."""
    known = await credentials_of(tx, viewer.user_id)
    if not known:
        raise NotFound("There is no passkey.")
    ceremony = webauthn.assertion_options(authority.relying_party, known)
    return await _asked(tx, "PASSKEY_ASSERTION", viewer.user_id, ceremony)


async def finish_passkey_sign_in(
    database: Database, authority: Authority, client: Client, token: str, credential: Any
) -> str:
    """The id of the person whose passkey answers the request with this token; raises Unauthenticated."""
    async with database.write() as tx:
        waiting = await challenges.take(tx, token, "PASSKEY_ASSERTION")
        if waiting is None or waiting.user_id is not None:
            raise Unauthenticated(WRONG)
        challenge = waiting.details["challenge"]
        user_id = await use_passkey(tx, authority, client, challenge, credential)
        if user_id is None:
            await audit.record(tx, client, None, "passkey.verify", None, "FAILURE")
    if user_id is None:
        raise Unauthenticated(WRONG)
    return user_id


async def use_passkey(
    tx: AsyncConnection,
    authority: Authority,
    client: Client,
    challenge: str,
    credential: Any,
    owner: str | None = None,
) -> str | None:
    """The person whose passkey has signed the challenge, `owner` where one is named; None if none has.

    Without `owner` nothing else says who it is: the authenticator must have verified them, and name
    them (WebAuthn, section 7.2, step 6).
    """
    try:
        named = webauthn.presented(credential)
        row = await _locked(tx, named.credential_id)
        if row is None or {owner, named.user_id} - {None} != {row.user_id}:
            return None
        made = webauthn.verified_assertion(
            authority.relying_party,
            challenge,
            credential,
            row.public_key,
            row.sign_count,
            alone=owner is None,
        )
    except webauthn.Cloned:
        await audit.record(tx, client, None, "passkey.clone", row.id, "FAILURE")
        return None
    except webauthn.Rejected:
        return None
    await tx.execute(
        update(Passkey)
        .where(Passkey.id == row.id)
        .values(sign_count=made.sign_count, backed_up=made.backed_up, used_at=datetime.now(UTC))
    )
    return str(row.user_id)


async def credentials_of(tx: AsyncConnection, user_id: str) -> list[str]:
    """The ids by which the person's authenticators know their passkeys."""
    found = await tx.scalars(
        select(Passkey.credential_id).where(Passkey.user_id == user_id).order_by(Passkey.id)
    )
    return list(found)


def valid_name(name: str) -> str:
    """The name without spaces around it; raises Invalid."""
    stripped = name.strip()
    if 0 < len(stripped) <= LONGEST_NAME:
        return stripped
    message = f"A name has 1 to {LONGEST_NAME} characters."
    raise Invalid(message, [FieldError(("input", "name"), message)])


async def _asked(
    tx: AsyncConnection,
    purpose: challenges.Purpose,
    user_id: str | None,
    ceremony: webauthn.Ceremony,
) -> Request:
    asked = await challenges.ask(tx, purpose, user_id, challenge=ceremony.challenge)
    return Request(asked, ceremony.options)


async def _add(
    tx: AsyncConnection, client: Client, viewer: Viewer, made: webauthn.Registered, name: str
) -> Added:
    passkey_id = new_id("passkey")
    stored = await tx.execute(
        insert(Passkey)
        .values(
            id=passkey_id,
            user_id=viewer.user_id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            backed_up=made.backed_up,
            name=name,
        )
        .on_conflict_do_nothing(index_elements=[Passkey.credential_id])
        .returning(Passkey.id)
    )
    if stored.one_or_none() is None:
        raise Conflict("This passkey is registered already.")
    await strengthen(tx, viewer)
    await audit.record(tx, client, viewer, "passkey.add", passkey_id)
    await notify(tx, viewer.user_id, "A passkey was added.")
    return Added(passkey_id, await codes_unless_some_are_left(tx, viewer.user_id))


async def _locked(tx: AsyncConnection, credential_id: str) -> Any:
    """The passkey, of a person who may sign in; whoever uses it too waits for us."""
    found = await tx.execute(
        select(Passkey.id, Passkey.user_id, Passkey.public_key, Passkey.sign_count)
        .join(User, User.id == Passkey.user_id)
        .where(Passkey.credential_id == credential_id, may_sign_in())
        .with_for_update(of=Passkey)
    )
    return found.one_or_none()


def _require_found(rows: int) -> None:
    if rows == 0:
        raise NotFound("There is no such passkey.")
