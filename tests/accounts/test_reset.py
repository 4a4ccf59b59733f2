"""A forgotten password: who gets a link, what it does, and what it does not."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from db.database import Database
from db.models.account import Account, EmailToken
from db.models.session import Session
from db.models.user import User
from tests.accounts.mailbox import collect
from tests.conftest import Statements
from tests.loaders import rows
from tests.signing import (
    PASSWORD,
    SIGN_IN,
    Client,
    authority_on,
    client_of,
    code_of,
    credentials,
    person,
)

REQUEST = """mutation ($email: String!) {
    requestPasswordReset(input: { email: $email }) { status } }"""
RESET = "mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { success } }"
CHANGE = "mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { success } }"
VERIFY = "mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { success } }"
CHANGE_EMAIL = "mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { status } }"
ME = "{ me { username unverifiedEmail } }"
PENDING = {"data": {"requestPasswordReset": {"status": "PENDING"}}}
NEW = "another battery horse"


async def requested(client: Client, database: Database, username: str = "ann") -> str:
    """The token that was mailed."""
    email = f"{username}@masthead.test"
    assert await client.graphql(REQUEST, {"email": email}) == PENDING
    [mail] = await collect(database)
    assert (mail.template, mail.to) == ("reset_password", email)
    return mail.token


async def reset(client: Client, token: str, password: str = NEW) -> dict[str, Any]:
    return await client.graphql(RESET, {"input": {"token": token, "newPassword": password}})


async def hash_of(database: Database, username: str = "ann") -> str | None:
    async with database.read() as connection:
        found: str | None = await connection.scalar(
            select(Account.password_hash)
            .join(User, User.id == Account.user_id)
            .where(User.username == username)
        )
    return found


async def test_a_new_password_ends_all_sessions(database: Database, client: Client) -> None:
    user_id = await person(database, "ann")
    await client.sign_in("ann")
    async with client_of(database, address="192.0.2.9") as other:
        token = await requested(other, database)
        assert await reset(other, token) == {"data": {"resetPassword": {"success": True}}}
        async with database.read() as connection:
            alive = select(func.count()).where(Session.revoked_at.is_(None))
            assert await connection.scalar(alive) == 0
        body = await other.graphql(SIGN_IN, {"input": credentials("ann", PASSWORD)})
        assert code_of(body) == "UNAUTHENTICATED"
        await other.sign_in("ann", NEW)
        assert (await other.graphql("{ me { id } }"))["data"]["me"]["id"] == user_id
    [notice] = await collect(database)
    assert (notice.template, notice.to) == ("password_changed", "ann@masthead.test")


async def test_the_session_of_the_same_server_ends_at_once(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    assert (await client.graphql(ME))["data"]["me"]["username"] == "ann"
    token = await requested(client, database)
    bearer = client.headers.pop("Authorization")
    await reset(client, token)
    body = await client.graphql(ME, Authorization=bearer)
    assert code_of(body) == "UNAUTHENTICATED"


async def test_an_unknown_address_is_told_by_nothing(
    database: Database, client: Client, statements: Statements
) -> None:
    """The same answer after the same statements: the worker looks for the account."""
    await person(database, "ann")
    seen = []
    for email in ("nobody@masthead.test", "ann@masthead.test"):
        with statements(database) as log:
            response = await client.operation(REQUEST, {"email": email})
        seen.append((response.status_code, response.json(), log))
    assert seen[0] == seen[1]
    assert seen[0][1] == PENDING
    assert [mail.to for mail in await collect(database)] == ["ann@masthead.test"]


async def test_who_may_not_act_gets_no_mail(database: Database, client: Client) -> None:
    disabled = await person(database, "disabled")
    await person(database, "gone", deactivated=True)
    imported = rows.user("imported", email="imported@masthead.test")
    async with database.write() as tx:
        await tx.execute(disabling(disabled))
        await tx.execute(insert(User).values(imported))
    for username in ("disabled", "gone", "imported"):
        body = await client.graphql(REQUEST, {"email": f"{username}@masthead.test"})
        assert body == PENDING
    assert await collect(database) == []


def disabling(user_id: str) -> Any:
    now = datetime.now(UTC)
    return update(Account).where(Account.user_id == user_id).values(disabled_at=now)


async def test_a_link_lets_no_disabled_account_in(database: Database, client: Client) -> None:
    user_id = await person(database, "ann")
    token = await requested(client, database)
    before = await hash_of(database)
    async with database.write() as tx:
        await tx.execute(disabling(user_id))
    assert code_of(await reset(client, token)) == "BAD_USER_INPUT"
    assert (await hash_of(database), await collect(database)) == (before, [])


async def test_what_is_no_address(database: Database, client: Client) -> None:
    body = await client.graphql(REQUEST, {"email": "ann"})
    assert code_of(body) == "BAD_USER_INPUT"


async def test_a_weak_password_leaves_the_link_as_it_is(database: Database, client: Client) -> None:
    await person(database, "ann")
    token = await requested(client, database)
    body = await reset(client, token, "short")
    assert body["errors"][0]["extensions"]["fields"][0]["path"] == ["input", "newPassword"]
    assert "errors" not in await reset(client, token)


async def test_a_link_is_good_once_and_uses_up_the_others(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    first, second = [await requested(client, database) for _ in range(2)]
    assert "errors" not in await reset(client, second)
    after = await hash_of(database)
    for token in (first, second):
        assert code_of(await reset(client, token, "a thief's own password")) == "BAD_USER_INPUT"
    assert await hash_of(database) == after


async def test_twenty_uses_at_once_set_one_password(database: Database, client: Client) -> None:
    await person(database, "ann")
    token = await requested(client, database)
    bodies = await asyncio.gather(*(reset(client, token, f"{NEW} {n}") for n in range(20)))
    assert sum("errors" not in body for body in bodies) == 1
    assert [mail.template for mail in await collect(database)] == ["password_changed"]


async def test_a_link_ends_after_an_hour(database: Database, client: Client) -> None:
    await person(database, "ann")
    token = await requested(client, database)
    async with database.write() as tx:
        lifetime = EmailToken.expires_at - EmailToken.created_at
        [seconds] = await tx.scalars(select(func.extract("epoch", lifetime)))
        assert 3_590 <= seconds <= 3_610
        await tx.execute(update(EmailToken).values(expires_at=datetime.now(UTC) - timedelta(0)))
    assert code_of(await reset(client, token)) == "BAD_USER_INPUT"


async def test_a_token_to_sign_up_resets_nothing(database: Database, client: Client) -> None:
    body = await client.graphql(
        "mutation ($input: SignUpInput!) { signUp(input: $input) { status } }",
        {"input": credentials("new") | {"name": "New", "username": "new"}},
    )
    assert "errors" not in body
    [mail] = await collect(database)
    assert code_of(await reset(client, mail.token)) == "BAD_USER_INPUT"
    given = {"token": mail.token, "password": PASSWORD}
    assert "errors" not in await client.graphql(VERIFY, {"input": given})


async def test_a_change_of_address_that_waits_ends_with_the_password(
    database: Database, client: Client
) -> None:
    """Pre-hijacking: who was in the account has asked for their own address before."""
    await person(database, "ann")
    await client.sign_in("ann")
    thiefs = {"email": "thief@masthead.test", "password": PASSWORD}
    assert "errors" not in await client.graphql(CHANGE_EMAIL, {"input": thiefs})
    [mail] = await collect(database)
    assert mail.to == "thief@masthead.test"
    await reset(client, await requested(client, database))
    client.headers.pop("Authorization")
    assert (
        code_of(await client.graphql(VERIFY, {"input": {"token": mail.token}})) == "BAD_USER_INPUT"
    )
    await client.sign_in("ann", NEW)
    assert (await client.graphql(ME))["data"]["me"]["unverifiedEmail"] is None


async def test_a_link_to_an_address_of_the_past_is_good_for_nothing(
    database: Database, client: Client
) -> None:
    user_id = await person(database, "ann")
    token = await requested(client, database)
    async with database.write() as tx:
        moved = update(User).where(User.id == user_id).values(email="new@masthead.test")
        await tx.execute(moved)
    assert code_of(await reset(client, token)) == "BAD_USER_INPUT"


async def test_who_is_locked_out_may_sign_in_with_the_new_password(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    for _ in range(6):
        await client.graphql(SIGN_IN, {"input": credentials("ann", "wrong password")})
    body = await client.graphql(SIGN_IN, {"input": credentials("ann")})
    assert code_of(body) == "RATE_LIMITED"
    await reset(client, await requested(client, database))
    await client.sign_in("ann", NEW)


async def test_an_address_gets_five_links_an_hour(database: Database, client: Client) -> None:
    await person(database, "ann")
    for _ in range(7):
        assert await client.graphql(REQUEST, {"email": "ANN@masthead.test"}) == PENDING
    assert len(await collect(database)) == 5


async def test_where_the_link_leads_is_the_operators_choice(database: Database) -> None:
    await person(database, "ann")
    page = "https://www.masthead.test/new-password/{token}"
    authority = authority_on(database, reset_password_url=page)
    assert authority.reset_password_link("x") == "https://www.masthead.test/new-password/x"
    own = authority_on(database).reset_password_link("x")
    assert own == "http://masthead.test/account/reset-password?token=x"


async def test_a_changed_password_is_told_by_mail(database: Database, client: Client) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    passwords = {"currentPassword": PASSWORD, "newPassword": NEW}
    assert "errors" not in await client.graphql(CHANGE, {"input": passwords})
    [notice] = await collect(database)
    assert (notice.template, notice.to) == ("password_changed", "ann@masthead.test")
    wrong = {"currentPassword": "wrong password", "newPassword": PASSWORD}
    assert code_of(await client.graphql(CHANGE, {"input": wrong})) == "BAD_USER_INPUT"
    assert await collect(database) == []


@pytest.mark.parametrize("token", ["", "x" * 43, "nul\0"])
async def test_what_is_no_token(token: str, client: Client) -> None:
    assert code_of(await reset(client, token)) == "BAD_USER_INPUT"
