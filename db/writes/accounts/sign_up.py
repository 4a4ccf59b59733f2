"""Signing up: nobody has an account before they have shown that they read the mail of its address, and
that it was they who asked for it.

Until then the person to be stands in the token that was mailed, and takes neither the address nor the
username from anybody. Whether an address has an account is told to those alone who read its mail.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.authority import Authority
from db.database import Database
from db.errors import Conflict, FieldError, Forbidden, Invalid, Unauthenticated
from db.ids import new_id
from db.mail import send_mail
from db.models.account import Account, EmailToken
from db.models.user import User
from db.viewer import Client, Viewer
from db.writes import audit
from db.writes.accounts import email_tokens, lockouts
from db.writes.accounts.passwords import hashed
from db.writes.addresses import email_address

USERNAME: Final = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,38}[a-zA-Z0-9])?")
LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Newcomer:
    """The person to be, in their own words."""

    email: str
    name: str
    username: str
    password: str


async def sign_up(
    database: Database, authority: Authority, client: Client, newcomer: Newcomer
) -> None:
    """Mails a link that makes the account, or, to an address that has one, a word about that.

    Both take the same work, and nothing tells them apart. Raises Forbidden where nobody may sign up,
    Invalid, Conflict for a username that is taken, RateLimited.
    """
    if not authority.sign_up_open:
        raise Forbidden("One has an account here by invitation only.")
    person = checked(newcomer)
    async with database.write() as tx:
        await email_tokens.require_patience(tx, client)
    password_hash = await hashed(
        authority,
        newcomer.password,
        ("input", "password"),
        person.email,
        person.email.partition("@")[0],
        person.username,
        person.name,
    )
    details = {"name": person.name, "username": person.username, "password_hash": password_hash}
    async with database.write() as tx:
        await _require_free(tx, person.username)
        known = await _has_account(tx, person.email)
        # For a known address as well, though nobody gets to know the token: it is the same work.
        token = await email_tokens.issue(tx, "SIGN_UP", person.email, details=details)
        if await email_tokens.may_get_mail(tx, person.email):
            template = "sign_up_known" if known else "sign_up"
            link = authority.verify_email_link(token)
            await send_mail(tx, person.email, template, link="" if known else link)
        await audit.record(tx, client, None, "account.sign_up", known)


async def prove_newcomer(
    database: Database, authority: Authority, client: Client, token: Any, password: str | None
) -> None:
    """That it is they who asked for the account of a SIGN_UP token, by the password they chose.

    Raises Invalid, at `input.password`, where there is none; Unauthenticated for a wrong one, and
    RateLimited after many, counted with those for the account of this address.
    """
    if password is None:
        raise _invalid("password", "Give the password that was chosen for this account.")
    subject, others = lockouts.account(token.email), lockouts.address(client.address)
    async with database.write() as tx:
        await lockouts.attempt(tx, [subject, *others])
    if not await authority.hasher.verify(token.details["password_hash"], password):
        async with database.write() as tx:
            await audit.record(tx, client, None, "password.verify", None, "FAILURE")
        raise Unauthenticated("This is not the password that was chosen for this account.")
    async with database.write() as tx:
        await lockouts.succeed(tx, subject, others)


async def create_account(
    tx: AsyncConnection, client: Client, token: Any, username: str | None
) -> str:
    """Makes the account of a SIGN_UP token, locked; the person's id.

    A person who was imported with this address, and has no account, gets one: the profile is theirs.
    Raises Invalid for no username, Conflict for one that is taken, or an address that has an account.
    """
    chosen = _username(username) if username is not None else token.details["username"]
    user_id = await profile_of(tx, token.email) or await _new_person(tx, token, chosen)
    await tx.execute(
        insert(Account).values(
            user_id=user_id,
            password_hash=token.details["password_hash"],
            password_changed_at=datetime.now(UTC),
        )
    )
    # Somebody else's attempts to sign up with this address, and their passwords, are worth nothing now.
    await tx.execute(
        delete(EmailToken).where(
            EmailToken.purpose == "SIGN_UP", func.lower(EmailToken.email) == token.email.lower()
        )
    )
    await audit.record(tx, client, Viewer(user_id), "account.create", user_id)
    return user_id


def checked(newcomer: Newcomer) -> Newcomer:
    """Less spaces around; raises Invalid with all that is wrong but the password."""
    faults: list[FieldError] = []
    made = {}
    checks = {"email": email_address, "name": _name, "username": _username}
    for field, check in checks.items():
        try:
            made[field] = check(getattr(newcomer, field))
        except Invalid as error:
            faults += error.fields
    if faults:
        raise Invalid(faults[0].message, faults)
    return Newcomer(**made, password=newcomer.password)


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _invalid("name", f"A name has 1 to {LONGEST_NAME} characters, on one line.")
    return name


def _username(text: str) -> str:
    username = text.strip()
    if USERNAME.fullmatch(username) is None:
        raise _invalid(
            "username",
            "A username has 1 to 40 letters a to z, digits, and between them dots, hyphens and"
            " underscores.",
        )
    return username


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, [FieldError(("input", field), message)])


async def _require_free(tx: AsyncConnection, username: str) -> None:
    taken = await tx.scalar(select(User.id).where(func.lower(User.username) == username.lower()))
    if taken is not None:
        raise _taken()


def _taken() -> Conflict:
    return Conflict("This username is taken: choose another one.")


async def _has_account(tx: AsyncConnection, email: str) -> str | None:
    found: str | None = await tx.scalar(
        select(User.id)
        .join(Account, Account.user_id == User.id)
        .where(func.lower(User.email) == email.lower())
    )
    return found


async def profile_of(tx: AsyncConnection, email: str) -> str | None:
    """The person with this address, who has no account; raises Conflict where there is one."""
    found = await tx.execute(
        select(User.id, User.deactivated, Account.user_id.label("account"))
        .outerjoin(Account, Account.user_id == User.id)
        .where(func.lower(User.email) == email.lower())
        .with_for_update(of=User)
    )
    person = found.one_or_none()
    if person is None:
        return None
    if person.account is not None or person.deactivated:
        raise Conflict("There is an account with this address already: sign in.")
    return str(person.id)


async def _new_person(tx: AsyncConnection, token: Any, username: str) -> str:
    made: str | None = await tx.scalar(
        insert(User)
        .values(id=new_id("user"), username=username, name=token.details["name"], email=token.email)
        .on_conflict_do_nothing()
        .returning(User.id)
    )
    if made is None:
        raise _taken()
    return made
