"""Signing up: what it takes, what it tells, and what those get of it who want somebody else's account."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update

from db.database import Database
from db.models.account import Account, EmailToken, Lockout
from db.models.audit import AuditEvent
from db.models.user import User
from identity import opaque
from tests.accounts.mailbox import collect
from tests.conftest import Statements
from tests.loaders import rows
from tests.signing import (
    HASHER,
    PASSWORD,
    SIGN_IN,
    Client,
    authority_on,
    client_of,
    code_of,
    credentials,
    person,
)

SIGN_UP = "mutation ($input: SignUpInput!) { signUp(input: $input) { status } }"
VERIFY = """mutation ($input: VerifyEmailInput!) {
    verifyEmail(input: $input) { success signedIn tokens { accessToken } } }"""
ME = "{ me { username name email unverifiedEmail } }"
PENDING = {"data": {"signUp": {"status": "PENDING"}}}
STRANGERS = "a stranger's password"
NOT_VALID = "This link is not valid, was used before, or is too old."


def newcomer(username: str = "ann", **changes: Any) -> dict[str, Any]:
    made = {
        "email": f"{username}@masthead.test",
        "password": PASSWORD,
        "name": "Ann Example",
        "username": username,
    }
    return {"input": made | changes}


async def signed_up(client: Client, database: Database, **changes: Any) -> str:
    """The token that was mailed."""
    assert await client.graphql(SIGN_UP, newcomer(**changes)) == PENDING
    [mail] = await collect(database)
    assert mail.template == "sign_up"
    return mail.token


async def verified(client: Client, token: str, **more: Any) -> dict[str, Any]:
    """The answer to the token and, unless another is given, PASSWORD."""
    return await client.graphql(VERIFY, {"input": {"token": token, "password": PASSWORD, **more}})


async def count(database: Database, table: Any) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(table)) or 0)


async def test_an_account_is_made_once_the_mail_was_read(
    database: Database, client: Client
) -> None:
    token = await signed_up(client, database, email=" Ann@Masthead.test ")
    assert (await count(database, User), await count(database, Account)) == (0, 0)
    body = await verified(client, token)
    made = body["data"]["verifyEmail"]
    assert (made["success"], made["signedIn"]) == (True, True)
    client.headers["Authorization"] = f"Bearer {made['tokens']['accessToken']}"
    assert await client.graphql(ME) == {
        "data": {
            "me": {
                "username": "ann",
                "name": "Ann Example",
                "email": "Ann@Masthead.test",
                "unverifiedEmail": None,
            }
        }
    }
    await client.sign_in("ann")
    assert await count(database, EmailToken) == 0


async def test_the_session_may_be_kept_in_a_cookie(database: Database, client: Client) -> None:
    token = await signed_up(client, database)
    given = {"token": token, "password": PASSWORD, "transport": "COOKIE"}
    response = await client.operation(VERIFY, {"input": given})
    assert response.json()["data"]["verifyEmail"] == {
        "success": True,
        "signedIn": True,
        "tokens": None,
    }
    cookie = response.headers["Set-Cookie"].partition(";")[0]
    client.cookies.clear()
    body = await client.graphql(ME, Cookie=cookie, GraphQL_Require_Preflight="1")
    assert body["data"]["me"]["username"] == "ann"


async def test_where_the_link_leads_is_the_operators_choice(database: Database) -> None:
    page = "https://www.masthead.test/welcome#{token}"
    authority = authority_on(database, verify_email_url=page)
    async with client_of(database, authority) as client:
        await client.graphql(SIGN_UP, newcomer())
    [mail] = await collect(database)
    token = mail.facts["link"].removeprefix("https://www.masthead.test/welcome#")
    assert len(token) == 43


async def test_only_the_digest_of_a_token_is_stored(database: Database, client: Client) -> None:
    token = await signed_up(client, database)
    async with database.read() as connection:
        row = (await connection.execute(select(EmailToken.__table__))).one()
    assert row.digest == opaque.digest(token)
    assert token not in str(row)
    assert PASSWORD not in str(row)
    assert row.expires_at - row.created_at < timedelta(hours=24, minutes=1)


async def test_nobody_signs_up_where_it_is_closed(database: Database) -> None:
    async with client_of(database, authority_on(database, sign_up_open=False)) as client:
        body = await client.graphql(SIGN_UP, newcomer())
    assert code_of(body) == "FORBIDDEN"
    assert (await count(database, EmailToken), await collect(database)) == (0, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "ann"),
        ("email", "ann@masthead.test\r\nBcc: bob@masthead.test"),
        ("name", "  "),
        ("name", "A" * 101),
        ("name", "Ann\nExample"),
        ("name", "Ann\u202eExample"),
        ("username", ""),
        ("username", "ann/example"),
        ("username", "ann example"),
        ("username", "-ann"),
        ("username", "аnn"),  # The first letter is Cyrillic.
        ("username", "a" * 41),
        ("password", "short"),
        ("password", "1234567890"),
        ("password", "ann@masthead.test"),
        ("password", "Ann Example"),
    ],
)
async def test_what_may_not_be(field: str, value: str, database: Database, client: Client) -> None:
    body = await client.graphql(SIGN_UP, {"input": newcomer()["input"] | {field: value}})
    assert code_of(body) == "BAD_USER_INPUT"
    [fault] = body["errors"][0]["extensions"]["fields"]
    assert fault["path"] == ["input", field]
    assert (await count(database, EmailToken), await collect(database)) == (0, [])


async def test_all_that_is_wrong_is_said_at_once(client: Client) -> None:
    body = await client.graphql(SIGN_UP, newcomer(email="ann", name="", username="/"))
    faults = body["errors"][0]["extensions"]["fields"]
    assert [fault["path"][1] for fault in faults] == ["email", "name", "username"]


async def test_a_username_that_is_taken_may_be_said(database: Database, client: Client) -> None:
    await person(database, "Ann")
    body = await client.graphql(SIGN_UP, newcomer(email="other@masthead.test"))
    assert code_of(body) == "CONFLICT"
    assert (await count(database, EmailToken), await collect(database)) == (0, [])


async def test_an_address_with_an_account_is_told_by_nothing(
    database: Database, client: Client, statements: Statements
) -> None:
    """The same answer after the same statements and one hash; only the mail differs."""
    await person(database, "known")
    seen = []
    for email in ("unknown@masthead.test", "KNOWN@masthead.test"):
        with statements(database) as log:
            response = await client.operation(SIGN_UP, newcomer("new", email=email))
        headers = {k: v for k, v in response.headers.items() if k not in {"x-request-id", "date"}}
        seen.append((response.status_code, response.json(), headers, log))
    assert seen[0] == seen[1]
    assert seen[0][1] == PENDING
    mails = await collect(database)
    assert [(mail.template, mail.to) for mail in mails] == [
        ("sign_up", "unknown@masthead.test"),
        ("sign_up_known", "KNOWN@masthead.test"),
    ]
    assert mails[1].facts["link"] == ""


async def test_a_password_is_hashed_for_a_known_address_too(
    database: Database, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await person(database, "known")
    hashed: list[str] = []
    original = HASHER.hash

    async def counting(password: str) -> str:
        hashed.append(password)
        return await original(password)

    monkeypatch.setattr(HASHER, "hash", counting)
    for email in ("unknown@masthead.test", "known@masthead.test"):
        await client.graphql(SIGN_UP, newcomer("new", email=email))
    assert hashed == [PASSWORD, PASSWORD]


async def test_a_token_is_good_once(database: Database, client: Client) -> None:
    token = await signed_up(client, database)
    assert "errors" not in await verified(client, token)
    body = await verified(client, token)
    assert (code_of(body), body["errors"][0]["message"]) == ("BAD_USER_INPUT", NOT_VALID)
    assert body["errors"][0]["extensions"]["fields"][0]["path"] == ["input", "token"]
    assert await count(database, User) == 1


async def test_fifty_uses_at_once_make_one_person(database: Database, client: Client) -> None:
    token = await signed_up(client, database)
    bodies = await asyncio.gather(*(verified(client, token) for _ in range(50)))
    assert sum("errors" not in body for body in bodies) == 1
    assert {code_of(body) for body in bodies if "errors" in body} <= {
        "BAD_USER_INPUT",
        "RATE_LIMITED",
        "SERVICE_UNAVAILABLE",
    }
    assert (await count(database, User), await count(database, Account)) == (1, 1)


async def test_two_links_for_one_address_at_once_make_one_person(
    database: Database, client: Client
) -> None:
    tokens = [await signed_up(client, database, username=name, email="a@masthead.test")
              for name in ("one", "two", "three")]  # fmt: skip
    bodies = await asyncio.gather(*(verified(client, token) for token in tokens))
    assert sorted(code_of(body) if "errors" in body else "made" for body in bodies) == [
        "BAD_USER_INPUT",
        "BAD_USER_INPUT",
        "made",
    ]
    assert await count(database, User) == 1


async def test_two_at_once_with_one_username(database: Database, client: Client) -> None:
    tokens = [await signed_up(client, database, email=f"{name}@masthead.test") for name in "ab"]
    bodies = await asyncio.gather(*(verified(client, token) for token in tokens))
    assert sorted(code_of(body) if "errors" in body else "made" for body in bodies) == [
        "CONFLICT",
        "made",
    ]
    assert await count(database, User) == 1


async def test_a_username_taken_meanwhile_can_be_replaced(
    database: Database, client: Client
) -> None:
    token = await signed_up(client, database)
    await taken(database, "Ann")
    body = await verified(client, token)
    assert (code_of(body), body["data"]) == ("CONFLICT", None)
    assert (await count(database, Account), await count(database, EmailToken)) == (0, 1)
    body = await verified(client, token, username="not one")
    assert body["errors"][0]["extensions"]["fields"][0]["path"] == ["input", "username"]
    body = await verified(client, token, username="ann2")
    assert body["data"]["verifyEmail"]["signedIn"] is True


async def taken(database: Database, username: str) -> None:
    async with database.write() as tx:
        await tx.execute(insert(User).values(rows.user(username)))


async def test_a_token_ends_after_a_day(database: Database, client: Client) -> None:
    token = await signed_up(client, database)
    async with database.write() as tx:
        await tx.execute(update(EmailToken).values(expires_at=datetime.now(UTC)))
    assert code_of(await verified(client, token)) == "BAD_USER_INPUT"
    assert await count(database, User) == 0


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 100_000, "nul\0"])
async def test_what_is_no_token(token: str, client: Client) -> None:
    body = await verified(client, token)
    assert code_of(body) == "BAD_USER_INPUT"


async def test_the_digest_is_no_token(database: Database, client: Client) -> None:
    token = await signed_up(client, database)
    assert code_of(await verified(client, opaque.digest(token))) == "BAD_USER_INPUT"


async def test_a_token_to_reset_a_password_verifies_nothing(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    await client.graphql(
        'mutation { requestPasswordReset(input: { email: "ann@masthead.test" }) { status } }'
    )
    [mail] = await collect(database)
    assert mail.template == "reset_password"
    assert code_of(await verified(client, mail.token)) == "BAD_USER_INPUT"


async def test_an_imported_person_gets_their_profile(database: Database, client: Client) -> None:
    imported = rows.user("imported", email="Ann@masthead.test", name="Ann of Old")
    async with database.write() as tx:
        await tx.execute(insert(User).values(imported))
    token = await signed_up(client, database)
    made = (await verified(client, token))["data"]["verifyEmail"]
    client.headers["Authorization"] = f"Bearer {made['tokens']['accessToken']}"
    me = (await client.graphql(ME))["data"]["me"]
    assert (me["username"], me["name"]) == ("imported", "Ann of Old")
    assert (await count(database, User), await count(database, Account)) == (1, 1)


async def test_a_closed_profile_is_not_opened_again(database: Database, client: Client) -> None:
    imported = rows.user("imported", email="ann@masthead.test", deactivated=True)
    async with database.write() as tx:
        await tx.execute(insert(User).values(imported))
    token = await signed_up(client, database)
    assert code_of(await verified(client, token)) == "CONFLICT"
    assert await count(database, Account) == 0


async def test_who_signs_up_with_somebody_elses_address_gets_nothing_of_it(
    database: Database, client: Client
) -> None:
    """Pre-hijacking: a stranger's attempt keeps nobody out, and ends when the owner signs up."""
    strangers = await signed_up(client, database, password=STRANGERS)
    own = await signed_up(client, database)
    assert "errors" not in await verified(client, own)
    assert code_of(await verified(client, strangers)) == "BAD_USER_INPUT"
    await client.sign_in("ann", PASSWORD)
    async with database.read() as connection:
        [stored] = list(await connection.scalars(select(Account.password_hash)))
    assert not await HASHER.verify(stored, STRANGERS)


@pytest.mark.parametrize("imported", [True, False])
async def test_who_confirms_the_wish_of_a_stranger_gives_them_nothing(
    imported: bool, database: Database, client: Client
) -> None:
    """Pre-hijacking: the owner of the address follows the link that a stranger has had mailed."""
    if imported:
        profile = rows.user("imported", email="ann@masthead.test")
        async with database.write() as tx:
            await tx.execute(insert(User).values(profile))
    strangers = await signed_up(client, database, password=STRANGERS)
    for given in (PASSWORD, "", None):
        body = await verified(client, strangers, password=given)
        code = "BAD_USER_INPUT" if given is None else "UNAUTHENTICATED"
        assert (code_of(body), body["data"]) == (code, None)
    assert (await count(database, User), await count(database, Account)) == (imported, 0)
    body = await client.graphql(SIGN_IN, {"input": credentials("ann", STRANGERS)})
    assert code_of(body) == "UNAUTHENTICATED"
    # Their own wish is as good as if nobody else had had it.
    assert "errors" not in await verified(client, await signed_up(client, database))
    await client.sign_in("ann", PASSWORD)
    assert code_of(await verified(client, strangers, password=STRANGERS)) == "BAD_USER_INPUT"


async def test_a_wrong_password_changes_nothing_and_the_token_stays_good(
    database: Database, client: Client
) -> None:
    token = await signed_up(client, database)
    body = await verified(client, token, password="another password")
    assert (code_of(body), body["data"]) == ("UNAUTHENTICATED", None)
    assert await count(database, Account) == 0
    assert await actions(database) == ["account.sign_up", "password.verify"]
    assert "errors" not in await verified(client, token)
    assert await count(database, Account) == 1


async def test_the_password_must_be_given(database: Database, client: Client) -> None:
    token = await signed_up(client, database)
    body = await client.graphql(VERIFY, {"input": {"token": token}})
    assert (code_of(body), body["data"]) == ("BAD_USER_INPUT", None)
    [fault] = body["errors"][0]["extensions"]["fields"]
    assert fault["path"] == ["input", "password"]
    assert (await count(database, Account), await count(database, EmailToken)) == (0, 1)
    async with database.read() as connection:
        kinds = {
            each.partition(":")[0] for each in await connection.scalars(select(Lockout.subject))
        }
    # No attempt was counted.
    assert kinds == {"requests", "mail"}


async def test_guessing_the_password_of_a_wish_is_slowed_down(
    database: Database, client: Client
) -> None:
    """It would be the account's password, were it confirmed; nor is the right one looked at then."""
    token = await signed_up(client, database)
    codes = [code_of(await verified(client, token, password=f"guess {n}")) for n in range(7)]
    assert codes == ["UNAUTHENTICATED"] * 6 + ["RATE_LIMITED"]
    body = await verified(client, token)
    assert (code_of(body), await count(database, Account)) == ("RATE_LIMITED", 0)
    await later(database)
    assert "errors" not in await verified(client, token)


async def test_guesses_at_once_are_counted_before_they_are_looked_at(
    database: Database, client: Client
) -> None:
    token = await signed_up(client, database)
    guesses = (verified(client, token, password=f"guess {number}") for number in range(20))
    codes = [code_of(body) for body in await asyncio.gather(*guesses)]
    assert codes.count("UNAUTHENTICATED") == 6
    assert set(codes) <= {"UNAUTHENTICATED", "RATE_LIMITED", "SERVICE_UNAVAILABLE"}


async def test_a_right_password_forgets_the_wrong_ones(database: Database, client: Client) -> None:
    token = await signed_up(client, database)
    await taken(database, "ann")
    for _ in range(2):
        for number in range(4):
            body = await verified(client, token, password=f"guess {number}")
            assert code_of(body) == "UNAUTHENTICATED"
        # The password is right, though the name is taken.
        assert code_of(await verified(client, token)) == "CONFLICT"
    assert "errors" not in await verified(client, token, username="ann2")


async def test_a_token_from_before_the_account_makes_no_other(
    database: Database, client: Client
) -> None:
    token = await signed_up(client, database)
    await person(database, "ann")
    body = await verified(client, token, username="other")
    assert (code_of(body), await count(database, User)) == ("CONFLICT", 1)


async def test_what_was_done_is_in_the_audit_log(database: Database, client: Client) -> None:
    await verified(client, await signed_up(client, database))
    assert await actions(database) == ["account.sign_up", "account.create", "session.start"]


async def actions(database: Database) -> list[str]:
    async with database.read() as connection:
        found = await connection.scalars(select(AuditEvent.action).order_by(AuditEvent.id))
        return list(found)


async def test_an_address_gets_five_mails_an_hour_and_nobody_can_tell(
    database: Database, client: Client
) -> None:
    for number in range(7):
        assert (
            await client.graphql(SIGN_UP, newcomer(f"ann{number}", email="Ann@a.test")) == PENDING
        )
    assert len(await collect(database)) == 5
    await client.graphql(SIGN_UP, newcomer(email="ann@A.test"))
    assert await collect(database) == []
    await client.graphql(SIGN_UP, newcomer(email="bob@a.test"))
    assert len(await collect(database)) == 1


async def test_an_hour_later_there_are_five_more(database: Database, client: Client) -> None:
    for number in range(6):
        await client.graphql(SIGN_UP, newcomer(f"ann{number}", email="ann@a.test"))
    await collect(database)
    await later(database)
    await client.graphql(SIGN_UP, newcomer(email="ann@a.test"))
    assert len(await collect(database)) == 1


async def test_a_network_address_asks_twenty_times_an_hour(
    database: Database, client: Client
) -> None:
    for number in range(20):
        assert await client.graphql(SIGN_UP, newcomer(f"user{number}")) == PENDING
    body = await client.graphql(SIGN_UP, newcomer())
    assert code_of(body) == "RATE_LIMITED"
    assert 3_500 < body["errors"][0]["extensions"]["retryAfter"] <= 3_600
    assert len(await collect(database)) == 20
    async with client_of(database, address="192.0.2.2") as other:
        assert await other.graphql(SIGN_UP, newcomer()) == PENDING
    await later(database)
    assert await client.graphql(SIGN_UP, newcomer("again")) == PENDING


async def test_a_network_of_many_addresses_asks_as_often_as_one(database: Database) -> None:
    codes = []
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"):
        async with client_of(database, address=address) as client:
            for number in range(20 if address == "2001:db8::1" else 1):
                body = await client.graphql(SIGN_UP, newcomer(f"user{number}"))
            codes.append(code_of(body) if "errors" in body else "PENDING")
    assert codes == ["PENDING", "RATE_LIMITED", "PENDING"]


async def later(database: Database) -> None:
    """As if an hour had passed."""
    from_then = text(
        "update lockouts set failed_at = failed_at - interval '1 hour',"
        " locked_until = locked_until - interval '1 hour'"
    )
    async with database.write() as tx:
        await tx.execute(from_then)
