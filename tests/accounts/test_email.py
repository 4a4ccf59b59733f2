"""Another address: asked for with the password, and had once its mail was read."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from db.database import Database
from db.models.account import Account, EmailToken
from db.models.user import User
from tests.accounts.mailbox import collect
from tests.conftest import Statements
from tests.loaders import rows
from tests.signing import PASSWORD, SIGN_IN, Client, client_of, code_of, credentials, person

CHANGE = "mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { status } }"
VERIFY = """mutation ($token: String!) {
    verifyEmail(input: { token: $token }) { success signedIn tokens { accessToken } } }"""
ME = "{ me { email unverifiedEmail } }"
PENDING = {"data": {"changeEmail": {"status": "PENDING"}}}
NEW = "new@masthead.test"


@pytest.fixture
async def ann(database: Database, client: Client) -> str:
    """Signed in."""
    user_id = await person(database, "ann")
    await client.sign_in("ann")
    return user_id


async def asked(client: Client, email: str = NEW, password: str = PASSWORD) -> dict[str, Any]:
    return await client.graphql(CHANGE, {"input": {"email": email, "password": password}})


async def token_of(client: Client, database: Database, email: str = NEW) -> str:
    assert await asked(client, email) == PENDING
    [mail] = await collect(database)
    assert (mail.template, mail.to) == ("change_email", email)
    return mail.token


async def own(client: Client) -> tuple[str, str | None]:
    me = (await client.graphql(ME))["data"]["me"]
    return me["email"], me["unverifiedEmail"]


async def email_of(database: Database, user_id: str) -> str | None:
    async with database.read() as connection:
        found: str | None = await connection.scalar(select(User.email).where(User.id == user_id))
    return found


async def test_an_address_is_changed_once_its_mail_was_read(
    ann: str, database: Database, client: Client
) -> None:
    token = await token_of(client, database)
    assert await own(client) == ("ann@masthead.test", NEW)
    body = await client.graphql(VERIFY, {"token": token})
    assert body["data"]["verifyEmail"] == {"success": True, "signedIn": False, "tokens": None}
    assert await own(client) == (NEW, None)
    [notice] = await collect(database)
    assert (notice.template, notice.to) == ("email_changed", "ann@masthead.test")
    assert notice.facts == {"email": NEW}
    body = await client.graphql(SIGN_IN, {"input": {"email": NEW, "password": PASSWORD}})
    assert "errors" not in body
    assert (
        code_of(await client.graphql(SIGN_IN, {"input": credentials("ann")})) == "UNAUTHENTICATED"
    )


async def test_the_link_may_be_opened_elsewhere(
    ann: str, database: Database, client: Client
) -> None:
    token = await token_of(client, database)
    async with client_of(database) as other:
        assert "errors" not in await other.graphql(VERIFY, {"token": token})
    assert await own(client) == (NEW, None)


async def test_nobody_sees_the_address_that_somebody_else_waits_for(
    ann: str, database: Database, client: Client
) -> None:
    await token_of(client, database)
    await person(database, "bob")
    await client.sign_in("bob")
    assert await own(client) == ("bob@masthead.test", None)


async def test_it_takes_a_viewer(database: Database, client: Client) -> None:
    assert code_of(await asked(client)) == "UNAUTHENTICATED"
    assert await collect(database) == []


async def test_it_takes_the_password(ann: str, database: Database, client: Client) -> None:
    body = await asked(client, password="wrong password")
    assert code_of(body) == "BAD_USER_INPUT"
    assert body["errors"][0]["extensions"]["fields"][0]["path"] == ["input", "password"]
    assert (await own(client), await collect(database)) == (("ann@masthead.test", None), [])


async def test_guessing_the_password_is_slowed_down(ann: str, client: Client) -> None:
    codes = [code_of(await asked(client, password="wrong password")) for _ in range(7)]
    assert codes == ["BAD_USER_INPUT"] * 6 + ["RATE_LIMITED"]


@pytest.mark.parametrize("email", ["new", "ANN@masthead.test", "a@b.test\r\nBcc: c@d.test"])
async def test_what_it_cannot_be(email: str, ann: str, database: Database, client: Client) -> None:
    body = await asked(client, email)
    assert code_of(body) == "BAD_USER_INPUT"
    assert body["errors"][0]["extensions"]["fields"][0]["path"] == ["input", "email"]
    assert (await own(client), await collect(database)) == (("ann@masthead.test", None), [])


async def test_an_address_of_somebody_else_is_told_by_nothing(
    ann: str, database: Database, client: Client, statements: Statements
) -> None:
    bob = await person(database, "bob")
    await own(client)  # From now on, the server remembers who the viewer is.
    seen = []
    for email in (NEW, "bob@masthead.test"):
        with statements(database) as log:
            response = await client.operation(
                CHANGE, {"input": {"email": email, "password": PASSWORD}}
            )
        seen.append((response.status_code, response.json(), log))
        assert await own(client) == ("ann@masthead.test", email)
    assert seen[0] == seen[1]
    mails = await collect(database)
    assert [mail.template for mail in mails] == ["change_email", "sign_up_known"]
    assert mails[1].facts["link"] == ""
    assert await email_of(database, bob) == "bob@masthead.test"


async def test_an_address_taken_meanwhile(ann: str, database: Database, client: Client) -> None:
    token = await token_of(client, database, "bob@masthead.test")
    bob = await person(database, "bob")
    body = await client.graphql(VERIFY, {"token": token})
    assert (code_of(body), body["data"]) == ("CONFLICT", None)
    assert await own(client) == ("ann@masthead.test", "bob@masthead.test")
    assert await email_of(database, bob) == "bob@masthead.test"
    assert await collect(database) == []


async def test_only_the_last_link_is_good(ann: str, database: Database, client: Client) -> None:
    first = await token_of(client, database, "first@masthead.test")
    last = await token_of(client, database, "last@masthead.test")
    assert code_of(await client.graphql(VERIFY, {"token": first})) == "BAD_USER_INPUT"
    assert "errors" not in await client.graphql(VERIFY, {"token": last})
    assert await own(client) == ("last@masthead.test", None)
    assert code_of(await client.graphql(VERIFY, {"token": last})) == "BAD_USER_INPUT"


async def test_only_the_case_may_change(ann: str, database: Database, client: Client) -> None:
    """It is the same address, and nothing to be asked for."""
    assert code_of(await asked(client, "Ann@Masthead.test")) == "BAD_USER_INPUT"


async def test_twenty_uses_at_once_change_it_once(
    ann: str, database: Database, client: Client
) -> None:
    token = await token_of(client, database)
    bodies = await asyncio.gather(*(client.graphql(VERIFY, {"token": token}) for _ in range(20)))
    assert sum("errors" not in body for body in bodies) == 1
    assert [mail.template for mail in await collect(database)] == ["email_changed"]


async def test_two_people_at_once_for_one_address(
    ann: str, database: Database, client: Client
) -> None:
    tokens = [await token_of(client, database)]
    await person(database, "bob")
    await client.sign_in("bob")
    tokens.append(await token_of(client, database))
    bodies = await asyncio.gather(*(client.graphql(VERIFY, {"token": t}) for t in tokens))
    assert sorted(code_of(body) if "errors" in body else "done" for body in bodies) == [
        "CONFLICT",
        "done",
    ]


async def test_a_link_ends(ann: str, database: Database, client: Client) -> None:
    token = await token_of(client, database)
    async with database.write() as tx:
        await tx.execute(update(EmailToken).values(expires_at=datetime.now(UTC)))
    assert code_of(await client.graphql(VERIFY, {"token": token})) == "BAD_USER_INPUT"
    assert await email_of(database, ann) == "ann@masthead.test"


async def test_an_account_that_was_disabled_changes_nothing(
    ann: str, database: Database, client: Client
) -> None:
    token = await token_of(client, database)
    async with database.write() as tx:
        await tx.execute(update(Account).values(disabled_at=datetime.now(UTC)))
    assert code_of(await client.graphql(VERIFY, {"token": token})) == "CONFLICT"
    assert await email_of(database, ann) == "ann@masthead.test"


async def test_a_profile_without_an_account_keeps_its_address(
    ann: str, database: Database, client: Client
) -> None:
    imported = rows.user("imported", email=NEW)
    async with database.write() as tx:
        await tx.execute(insert(User).values(imported))
    await asked(client)
    assert [mail.template for mail in await collect(database)] == ["sign_up_known"]
    assert await email_of(database, imported["id"]) == NEW


async def test_an_address_gets_five_mails_an_hour(
    ann: str, database: Database, client: Client
) -> None:
    for _ in range(7):
        assert await asked(client) == PENDING
    assert len(await collect(database)) == 5
