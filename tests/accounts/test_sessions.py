"""Sessions: signing in, staying signed in, signing out, and what thieves get of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.auth.credentials import COOKIE
from db.database import Database
from db.models.account import Account
from db.models.audit import AuditEvent
from db.models.session import RefreshToken, Session
from db.models.user import User
from identity import opaque
from tests.signing import PASSWORD, SIGN_IN, Client, client_of, code_of, credentials, person

ME = "{ me { username } }"
REFRESH = """mutation Refresh($token: String!) {
    refreshSession(input: { refreshToken: $token }) { tokens { accessToken refreshToken } } }"""
SESSIONS = "{ me { sessions { id method strong current address } } }"


async def refreshed(client: Client, token: str) -> dict[str, Any]:
    """Without an access token: one that is good for nothing would be refused by itself."""
    return await client.graphql(REFRESH, {"token": token}, Authorization="")


def tokens_of(body: dict[str, Any]) -> dict[str, str]:
    tokens: dict[str, str] = body["data"]["refreshSession"]["tokens"]
    return tokens


async def living(database: Database) -> int:
    """How many refresh tokens can still be used."""
    async with database.read() as connection:
        found = await connection.scalar(
            select(func.count())
            .select_from(RefreshToken)
            .join(Session, Session.id == RefreshToken.session_id)
            .where(RefreshToken.used_at.is_(None), Session.revoked_at.is_(None))
        )
    return int(found or 0)


async def actions(database: Database) -> list[tuple[str, str]]:
    async with database.read() as connection:
        rows = await connection.execute(
            select(AuditEvent.action, AuditEvent.result).order_by(AuditEvent.at, AuditEvent.id)
        )
    return [(row.action, row.result) for row in rows]


async def test_who_signs_in_is_the_viewer(database: Database, client: Client) -> None:
    await person(database, "ann")
    assert code_of(await client.graphql(ME)) == "UNAUTHENTICATED"
    await client.sign_in("ann")
    assert await client.graphql(ME) == {"data": {"me": {"username": "ann"}}}
    assert await actions(database) == [("session.start", "SUCCESS")]


async def test_the_contract_sends_the_token_alone(database: Database, client: Client) -> None:
    await person(database, "ann")
    tokens = await client.sign_in("ann")
    body = await client.graphql(ME, Authorization=tokens["accessToken"])
    assert body == {"data": {"me": {"username": "ann"}}}


@pytest.mark.parametrize(
    ("username", "password"),
    [("ann", "wrong password"), ("nobody", PASSWORD), ("disabled", PASSWORD), ("gone", PASSWORD)],
)
async def test_a_failed_sign_in_tells_nothing(
    username: str, password: str, database: Database, client: Client
) -> None:
    await person(database, "ann")
    disabled = await person(database, "disabled")
    await person(database, "gone", deactivated=True)
    async with database.write() as tx:
        now = datetime.now(UTC)
        await tx.execute(update(Account).where(Account.user_id == disabled).values(disabled_at=now))
    body = await client.graphql(SIGN_IN, {"input": credentials(username, password)})
    assert body["errors"][0]["message"] == "The e-mail address or the password is wrong."
    assert (code_of(body), body["data"]) == ("UNAUTHENTICATED", None)
    assert await living(database) == 0
    assert await actions(database) == [("password.verify", "FAILURE")]


async def test_a_refresh_token_leads_to_the_next_one(database: Database, client: Client) -> None:
    await person(database, "ann")
    first = await client.sign_in("ann")
    second = tokens_of(await refreshed(client, first["refreshToken"]))
    third = tokens_of(await refreshed(client, second["refreshToken"]))
    assert len({first["refreshToken"], second["refreshToken"], third["refreshToken"]}) == 3
    client.headers["Authorization"] = f"Bearer {third['accessToken']}"
    assert await client.graphql(ME) == {"data": {"me": {"username": "ann"}}}
    assert await living(database) == 1


async def test_a_lost_answer_is_given_again(database: Database, client: Client) -> None:
    await person(database, "ann")
    first = await client.sign_in("ann")
    lost, again = [await refreshed(client, first["refreshToken"]) for _ in range(2)]
    assert tokens_of(lost)["refreshToken"] == tokens_of(again)["refreshToken"]
    assert await living(database) == 1


async def test_fifty_refreshes_at_once_leave_one_chain(database: Database, client: Client) -> None:
    await person(database, "ann")
    first = await client.sign_in("ann")
    bodies = await asyncio.gather(*(refreshed(client, first["refreshToken"]) for _ in range(50)))
    assert len({tokens_of(body)["refreshToken"] for body in bodies}) == 1
    assert await living(database) == 1


async def test_a_stolen_refresh_token_ends_the_session_for_both(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    first = await client.sign_in("ann")
    second = tokens_of(await refreshed(client, first["refreshToken"]))
    async with database.write() as tx:
        digest = opaque.digest(first["refreshToken"])
        earlier = datetime.now(UTC) - timedelta(seconds=11)
        await tx.execute(
            update(RefreshToken).where(RefreshToken.digest == digest).values(used_at=earlier)
        )
    assert code_of(await refreshed(client, first["refreshToken"])) == "UNAUTHENTICATED"
    assert code_of(await refreshed(client, second["refreshToken"])) == "UNAUTHENTICATED"
    assert await living(database) == 0
    assert (await actions(database))[-1] == ("session.reuse", "FAILURE")


async def test_a_used_token_whose_successor_was_used_is_stolen(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    first = await client.sign_in("ann")
    second = tokens_of(await refreshed(client, first["refreshToken"]))
    await refreshed(client, second["refreshToken"])
    assert code_of(await refreshed(client, first["refreshToken"])) == "UNAUTHENTICATED"
    assert await living(database) == 0


async def test_a_made_up_refresh_token_is_good_for_nothing(client: Client) -> None:
    assert code_of(await refreshed(client, opaque.new_token())) == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Session, {"expires_at": datetime(2026, 1, 2, tzinfo=UTC)}),
        (Session, {"revoked_at": datetime.now(UTC)}),
        (User, {"deactivated": True}),
        (Account, {"disabled_at": datetime.now(UTC)}),
    ],
)
async def test_a_session_ends_with_its_time_and_its_person(
    table: Any, values: dict[str, Any], database: Database, client: Client
) -> None:
    await person(database, "ann")
    tokens = await client.sign_in("ann")
    async with database.write() as tx:
        if "expires_at" in values:
            values = {**values, "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
        await tx.execute(update(table).values(values))
    assert code_of(await client.graphql(ME)) == "UNAUTHENTICATED"
    assert code_of(await refreshed(client, tokens["refreshToken"])) == "UNAUTHENTICATED"


async def test_signing_out_ends_this_session_at_once(database: Database, client: Client) -> None:
    await person(database, "ann")
    tokens = await client.sign_in("ann")
    async with client_of(database) as other:
        await other.sign_in("ann")
        body = await client.graphql("mutation { signOut { success } }")
        assert body == {"data": {"signOut": {"success": True}}}
        assert code_of(await client.graphql(ME)) == "UNAUTHENTICATED"
        assert code_of(await refreshed(client, tokens["refreshToken"])) == "UNAUTHENTICATED"
        assert await other.graphql(ME) == {"data": {"me": {"username": "ann"}}}


async def test_signing_out_everywhere_ends_them_all(database: Database, client: Client) -> None:
    await person(database, "ann")
    await person(database, "bob")
    await client.sign_in("ann")
    await client.sign_in("ann")
    async with client_of(database) as bob:
        await bob.sign_in("bob")
        body = await client.graphql("mutation { signOutEverywhere { sessions } }")
        assert body == {"data": {"signOutEverywhere": {"sessions": 2}}}
        assert code_of(await client.graphql(ME)) == "UNAUTHENTICATED"
        assert await bob.graphql(ME) == {"data": {"me": {"username": "bob"}}}


async def test_the_viewer_sees_their_sessions_and_ends_one(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    async with client_of(database, address="192.0.2.2") as other:
        await other.sign_in("ann")
        await client.sign_in("ann")
        sessions = (await client.graphql(SESSIONS))["data"]["me"]["sessions"]
        assert [{**each, "id": ""} for each in sessions] == [
            {"id": "", "method": "password", "strong": False, "current": current, "address": from_}
            for current, from_ in ((True, "192.0.2.1"), (False, "192.0.2.2"))
        ]
        revoke = "mutation($id: ID!) { revokeSession(input: { id: $id }) { success } }"
        body = await client.graphql(revoke, {"id": sessions[1]["id"]})
        assert body == {"data": {"revokeSession": {"success": True}}}
        assert len((await client.graphql(SESSIONS))["data"]["me"]["sessions"]) == 1


async def test_nobody_ends_the_session_of_another(database: Database, client: Client) -> None:
    await person(database, "ann")
    await person(database, "bob")
    await client.sign_in("ann")
    [session] = (await client.graphql(SESSIONS))["data"]["me"]["sessions"]
    async with client_of(database) as bob:
        await bob.sign_in("bob")
        revoke = "mutation($id: ID!) { revokeSession(input: { id: $id }) { success } }"
        assert code_of(await bob.graphql(revoke, {"id": session["id"]})) == "NOT_FOUND"
    assert await client.graphql(ME) == {"data": {"me": {"username": "ann"}}}


# --- Browsers


async def signed_in_by_cookie(client: Client) -> str:
    response = await client.operation(SIGN_IN, {"input": credentials("ann", transport="COOKIE")})
    assert response.json() == {"data": {"signIn": {"tokens": None}}}
    header = response.headers["Set-Cookie"]
    assert header.endswith("; Path=/; Secure; HttpOnly; SameSite=Lax")
    assert header.startswith(f"{COOKIE}=")
    client.cookies.clear()
    return str(header.partition(";")[0])


async def test_a_browser_has_a_cookie(database: Database, client: Client) -> None:
    await person(database, "ann")
    cookie = await signed_in_by_cookie(client)
    body = await client.graphql(ME, Cookie=cookie, GraphQL_Require_Preflight="1")
    assert body == {"data": {"me": {"username": "ann"}}}
    response = await client.operation(
        "mutation { signOut { success } }", Cookie=cookie, GraphQL_Require_Preflight="1"
    )
    assert response.headers["Set-Cookie"].startswith(f"{COOKIE}=; Max-Age=0; ")
    body = await client.graphql(ME, Cookie=cookie, GraphQL_Require_Preflight="1")
    assert code_of(body) == "UNAUTHENTICATED"


async def test_another_site_cannot_use_the_cookie(database: Database, client: Client) -> None:
    await person(database, "ann")
    cookie = await signed_in_by_cookie(client)
    response = await client.operation("mutation { signOutEverywhere { sessions } }", Cookie=cookie)
    assert (response.status_code, code_of(response.json())) == (403, "CSRF_PREVENTED")
    body = await client.graphql(ME, Cookie=cookie, GraphQL_Require_Preflight="1")
    assert body == {"data": {"me": {"username": "ann"}}}


async def test_a_cookie_that_was_there_before_is_not_taken_over(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    planted = f"{COOKIE}={opaque.new_token()}"
    response = await client.operation(
        SIGN_IN, {"input": credentials("ann", transport="COOKIE")}, Authorization=""
    )
    assert not response.headers["Set-Cookie"].startswith(planted)
    body = await client.graphql(ME, Cookie=planted, GraphQL_Require_Preflight="1")
    assert code_of(body) == "UNAUTHENTICATED"


async def test_a_cookie_whose_session_is_over_is_taken_away_and_signs_in_anew(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    stale = f"{COOKIE}={opaque.new_token()}"
    response = await client.operation(
        SIGN_IN,
        {"input": credentials("ann", transport="COOKIE")},
        Cookie=stale,
        GraphQL_Require_Preflight="1",
    )
    assert response.json() == {"data": {"signIn": {"tokens": None}}}
    assert "Max-Age=2592000" in response.headers["Set-Cookie"]
    client.cookies.clear()
    response = await client.operation("{ __typename }", Cookie=stale, GraphQL_Require_Preflight="1")
    assert response.json() == {"data": {"__typename": "Query"}}
    assert response.headers["Set-Cookie"].startswith(f"{COOKIE}=; Max-Age=0; ")


async def test_a_cookie_in_use_lasts(database: Database, client: Client) -> None:
    await person(database, "ann")
    cookie = await signed_in_by_cookie(client)
    now = datetime.now(UTC)
    before, after = now - timedelta(days=2), now + timedelta(days=1)
    async with database.write() as tx:
        await tx.execute(
            update(Session).values(
                created_at=before,
                used_at=before,
                expires_at=after,
            )
        )
    response = await client.operation(ME, Cookie=cookie, GraphQL_Require_Preflight="1")
    assert response.headers["Set-Cookie"].startswith(f"{cookie}; Max-Age=2592000; ")
    async with database.read() as connection:
        expires_at = await connection.scalar(select(Session.expires_at))
    assert expires_at is not None
    assert expires_at > now + timedelta(days=29)
    response = await client.operation(ME, Cookie=cookie, GraphQL_Require_Preflight="1")
    assert "Set-Cookie" not in response.headers
