"""Passwords: too many wrong ones, changed ones, ones of an older time."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from db.database import Database
from db.models.account import Account, Lockout
from db.models.factor import Challenge, Totp
from db.models.session import Session
from db.viewer import Client as Sender
from db.writes.accounts.lockouts import LONGEST, account, waiting_time
from db.writes.accounts.passwords import set_password
from identity.passwords import Hasher
from tests.signing import HASHER, PASSWORD, SIGN_IN, Client, client_of, code_of, credentials, person

ME = "{ me { username } }"
CHANGE = """mutation Change($input: ChangePasswordInput!) {
    changePassword(input: $input) { success } }"""
NEW = "a better one than before"


async def attempt(client: Client, password: str, username: str = "ann") -> dict[str, Any]:
    return await client.graphql(SIGN_IN, {"input": credentials(username, password)})


async def change(client: Client, current: str, new: str) -> dict[str, Any]:
    return await client.graphql(CHANGE, {"input": {"currentPassword": current, "newPassword": new}})


async def stored(database: Database, user_id: str) -> str:
    async with database.read() as connection:
        found = await connection.scalar(
            select(Account.password_hash).where(Account.user_id == user_id)
        )
    return str(found)


def test_waiting_grows_up_to_a_quarter_of_an_hour() -> None:
    assert [waiting_time("account", n).total_seconds() for n in (1, 5, 6, 7, 8)] == [
        0,
        0,
        15,
        30,
        60,
    ]
    assert waiting_time("account", 10_000) == LONGEST
    assert [waiting_time("address", n).total_seconds() for n in (20, 21)] == [0, 15]


@pytest.mark.parametrize("username", ["ann", "nobody"])
async def test_guessing_is_locked_out_whether_there_is_an_account_or_not(
    username: str, database: Database, client: Client
) -> None:
    await person(database, "ann")
    for _ in range(6):
        assert code_of(await attempt(client, "wrong password", username)) == "UNAUTHENTICATED"
    body = await attempt(client, PASSWORD, username)
    assert body["errors"][0]["extensions"] == {"code": "RATE_LIMITED", "retryAfter": 15}
    assert body["errors"][0]["message"] == "Too many attempts: try again later."


async def test_an_address_written_otherwise_is_the_same_account(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    codes = []
    for before in ("", " ", "  ", "\t", "\n", "\u00a0", "\u2003"):
        given = {"email": f"{before}Ann@masthead.test{before}", "password": "wrong password"}
        codes.append(code_of(await client.graphql(SIGN_IN, {"input": given})))
    assert codes == ["UNAUTHENTICATED"] * 6 + ["RATE_LIMITED"]


@pytest.mark.parametrize("has_second_factor", [False, True])
async def test_a_password_that_is_changed_while_it_is_looked_at_signs_nobody_in(
    has_second_factor: bool, database: Database, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await person(database, "ann")
    verify = Hasher.verify

    async def slowly(hasher: Hasher, stored: str | None, password: str) -> bool:
        is_right = await verify(hasher, stored, password)
        async with database.write() as tx:
            if has_second_factor:
                await tx.execute(
                    insert(Totp).values(user_id=ann, seed="x", confirmed_at=datetime.now(UTC))
                )
            await set_password(tx, Sender("test"), None, ann, await HASHER.hash(NEW))
        return is_right

    monkeypatch.setattr(Hasher, "verify", slowly)
    assert code_of(await attempt(client, PASSWORD)) == "UNAUTHENTICATED"
    async with database.read() as connection:
        for table in (Session, Challenge):
            assert await connection.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize("email", ["", "nul\0@masthead.test"])
async def test_what_is_no_address_is_nobodys(email: str, client: Client) -> None:
    response = await client.operation(SIGN_IN, {"input": {"email": email, "password": PASSWORD}})
    assert code_of(response.json()) in {"UNAUTHENTICATED", "BAD_USER_INPUT", "BAD_REQUEST"}


async def test_many_guesses_at_once_are_no_more_than_one_by_one(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    bodies = await asyncio.gather(*(attempt(client, "wrong password") for _ in range(30)))
    codes = [code_of(body) for body in bodies]
    assert codes.count("UNAUTHENTICATED") == 6
    assert codes.count("RATE_LIMITED") == 24


async def test_all_addresses_of_a_network_are_locked_out_together(database: Database) -> None:
    """Whoever has one address of IPv6 has the other 2^64 of its network."""
    seen = []
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"):
        async with client_of(database, address=address) as client:
            for number in range(21 if address == "2001:db8::1" else 1):
                body = await attempt(client, "wrong password", f"nobody{number}")
            seen.append(code_of(body))
    assert seen == ["UNAUTHENTICATED", "RATE_LIMITED", "UNAUTHENTICATED"]


async def test_a_lock_opens_with_time_and_the_next_is_longer(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    for _ in range(6):
        await attempt(client, "wrong password")
    async with database.write() as tx:
        earlier = datetime.now(UTC) - timedelta(seconds=1)
        await tx.execute(update(Lockout).values(locked_until=earlier))
    assert code_of(await attempt(client, "wrong password")) == "UNAUTHENTICATED"
    body = await attempt(client, PASSWORD)
    assert body["errors"][0]["extensions"]["retryAfter"] == 30


async def test_signing_in_forgets_the_failures_of_the_account(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    for _ in range(5):
        await attempt(client, "wrong password")
    await client.sign_in("ann")
    async with database.read() as connection:
        rows = (await connection.execute(select(Lockout.subject, Lockout.failures))).all()
    assert [tuple(row) for row in rows] == [("address:192.0.2.1", 5)]


async def test_failures_are_forgotten_after_a_day(database: Database, client: Client) -> None:
    await person(database, "ann")
    for _ in range(5):
        await attempt(client, "wrong password")
    async with database.write() as tx:
        yesterday = datetime.now(UTC) - timedelta(hours=25)
        await tx.execute(update(Lockout).values(failed_at=yesterday))
    await attempt(client, "wrong password")
    async with database.read() as connection:
        failures = await connection.scalar(
            select(Lockout.failures).where(Lockout.subject == account("ann@masthead.test"))
        )
    assert failures == 1


async def test_one_address_cannot_try_one_password_on_everybody(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    for number in range(21):
        assert code_of(await attempt(client, PASSWORD, f"n{number}")) == "UNAUTHENTICATED"
    assert code_of(await attempt(client, PASSWORD)) == "RATE_LIMITED"
    async with client_of(database, address="192.0.2.2") as elsewhere:
        await elsewhere.sign_in("ann")


async def test_a_hash_of_older_parameters_is_replaced(database: Database, client: Client) -> None:
    ann = await person(database, "ann")
    older = await Hasher(memory=16, passes=2).hash(PASSWORD)
    async with database.write() as tx:
        await tx.execute(update(Account).values(password_hash=older))
    await client.sign_in("ann")
    assert "m=8,t=1,p=1" in await stored(database, ann)
    await client.sign_in("ann")


async def test_a_changed_password_ends_all_other_sessions(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    async with client_of(database) as other:
        await other.sign_in("ann")
        assert await change(client, PASSWORD, NEW) == {
            "data": {"changePassword": {"success": True}}
        }
        assert await client.graphql(ME) == {"data": {"me": {"username": "ann"}}}
    async with client_of(database) as other:
        assert code_of(await attempt(other, PASSWORD)) == "UNAUTHENTICATED"
        await other.sign_in("ann", NEW)


@pytest.mark.parametrize(
    ("current", "new", "field", "message"),
    [
        ("wrong password", NEW, "currentPassword", "This is not the password."),
        (PASSWORD, "too short", "newPassword", "A password has at least 10 characters."),
        (PASSWORD, "1234567890", "newPassword", None),
        (PASSWORD, "ann@masthead.test", "newPassword", None),
    ],
)
async def test_a_password_that_cannot_be_changed_stays(
    current: str, new: str, field: str, message: str | None, database: Database, client: Client
) -> None:
    ann = await person(database, "ann")
    await client.sign_in("ann")
    before = await stored(database, ann)
    body = await change(client, current, new)
    [fault] = body["errors"][0]["extensions"]["fields"]
    assert (code_of(body), fault["path"]) == ("BAD_USER_INPUT", ["input", field])
    assert message is None or fault["message"] == message
    assert await stored(database, ann) == before


async def test_changing_a_password_takes_signing_in(database: Database, client: Client) -> None:
    ann = await person(database, "ann")
    before = await stored(database, ann)
    assert code_of(await change(client, PASSWORD, NEW)) == "UNAUTHENTICATED"
    assert await stored(database, ann) == before
