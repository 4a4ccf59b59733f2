"""`masthead user`: the people who can sign in."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from secrets import token_urlsafe
from typing import Annotated, TypeVar

from cyclopts import App, Parameter

from app.cli.terminal import output
from app.deployment import authority_of, database_of
from app.settings import load
from db import preflight
from db.authority import Authority
from db.database import Database
from db.errors import ConfigurationError
from db.viewer import Client
from db.writes.accounts import people
from db.writes.accounts.passwords import hashed, set_password
from db.writes.accounts.sign_up import Newcomer

user = App(name="user", help="Make, promote and shut out the people who can sign in.")
CLIENT = Client("masthead user")
PASSWORD = ("password",)

PasswordStdin = Annotated[bool, Parameter(name="--password-stdin", negative="")]
T = TypeVar("T")


@user.command
def create(
    email: str,
    *,
    username: str,
    name: str | None = None,
    admin: Annotated[bool, Parameter(negative="")] = False,
    password_stdin: PasswordStdin = False,
) -> None:
    """Make somebody who can sign in. Whoever was imported with the address gets the account.

    Parameters
    ----------
    email
        The address, which counts as verified.
    username
        The unique name, as in addresses.
    name
        The name to show; the username when left out.
    admin
        An administrator of the deployment.
    password_stdin
        Read the password from standard input; without that one is made, and shown.
    """
    password = _password(password_stdin)

    async def work(database: Database, authority: Authority) -> None:
        stored = await hashed(authority, password, PASSWORD, email, username)
        newcomer = Newcomer(email, name or username, username, password)
        async with database.write() as tx:
            await people.create_person(tx, CLIENT, newcomer, stored, is_admin=admin)

    _do(work)
    output.print(f"{username} can sign in with {email}")
    _show(password, password_stdin)


@user.command
def promote(username: str, *, demote: Annotated[bool, Parameter(negative="")] = False) -> None:
    """Make somebody an administrator of the deployment.

    Parameters
    ----------
    demote
        Make them one no longer.
    """

    async def work(database: Database, _: Authority) -> None:
        async with database.write() as tx:
            user_id, _email = await people.find_person(tx, username)
            await people.promote(tx, CLIENT, user_id, to_admin=not demote)

    _do(work)
    output.print(f"{username} is {'no administrator any longer' if demote else 'an administrator'}")


@user.command
def disable(username: str, *, enable: Annotated[bool, Parameter(negative="")] = False) -> None:
    """Shut somebody out: end their sessions and keys, and let them not sign in.

    Parameters
    ----------
    enable
        Let them in again.
    """

    async def work(database: Database, _: Authority) -> None:
        change = people.enable if enable else people.disable
        async with database.write() as tx:
            user_id, _email = await people.find_person(tx, username)
            await change(tx, CLIENT, user_id)

    _do(work)
    output.print(f"{username} can sign in {'again' if enable else 'no longer'}")


@user.command
def reset_password(username: str, *, password_stdin: PasswordStdin = False) -> None:
    """Give somebody another password, and end their sessions.

    Parameters
    ----------
    password_stdin
        Read the password from standard input; without that one is made, and shown.
    """
    password = _password(password_stdin)

    async def work(database: Database, authority: Authority) -> None:
        async with database.read() as connection:
            user_id, email = await people.find_person(connection, username)
        stored = await hashed(authority, password, PASSWORD, email or "", username)
        async with database.write() as tx:
            await set_password(tx, CLIENT, None, user_id, stored)

    _do(work)
    output.print(f"{username} has another password, and is signed out everywhere")
    _show(password, password_stdin)


def _password(from_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") if from_stdin else token_urlsafe(18)


def _show(password: str, from_stdin: bool) -> None:
    if not from_stdin:
        output.print(f"Password: {password}")


def _do(work: Callable[[Database, Authority], Awaitable[T]]) -> T:
    settings = load()

    async def run(url: str) -> T:
        database = Database(url)
        try:
            return await work(database, authority_of(settings, database))
        finally:
            await database.dispose()

    with database_of(settings) as addresses:
        if not preflight.is_prepared(addresses.owner, addresses.application):
            raise ConfigurationError("the database is not at this version: run `masthead migrate`")
        return asyncio.run(run(addresses.application))
