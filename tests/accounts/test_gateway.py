"""Cookies and other sites, admins and the schema, caches and who is signed in."""

from hashlib import sha256
from typing import Any

import httpx
import pytest

from app.auth.credentials import COOKIE
from db.database import Database
from tests.signing import ORIGIN, SIGN_IN, Client, client_of, code_of, credentials, person

ME = "{ me { username } }"
SCHEMA = "{ __schema { queryType { name } } }"
SIGN_OUT = "mutation { signOut { success } }"
HEADER = {"GraphQL-Require-Preflight": "1"}
SIGNED_IN = {"data": {"me": {"username": "ann"}}}


async def cookie_of(client: Client) -> dict[str, str]:
    """The headers of a browser that is signed in."""
    response = await client.operation(SIGN_IN, {"input": credentials("ann", transport="COOKIE")})
    token = response.headers["Set-Cookie"].partition(";")[0]
    client.cookies.clear()
    return {"Cookie": token, **HEADER}


async def ask(client: Client, headers: dict[str, str]) -> httpx.Response:
    return await client.post("/graphql", json={"query": ME}, headers=headers)


def is_refused(response: httpx.Response) -> bool:
    return (response.status_code, code_of(response.json())) == (403, "CSRF_PREVENTED")


OWN: list[dict[str, str]] = [
    {},
    {"Origin": ORIGIN},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
]
OTHERS: list[dict[str, str]] = [
    {"Origin": "https://evil.test"},
    {"Origin": "null"},
    {"Origin": "http://masthead.test.evil.test"},
    {"Origin": "http://masthead.test:8080"},
    {"Origin": "https://sub.masthead.test", "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("public_url", [ORIGIN, None])
async def test_only_our_own_pages_may_use_a_cookie(
    database: Database, public_url: str | None
) -> None:
    await person(database, "ann")
    async with client_of(database, public_url=public_url) as client:
        cookie = await cookie_of(client)
        for headers in OWN:
            assert (await ask(client, cookie | headers)).json() == SIGNED_IN
        for headers in OTHERS:
            assert is_refused(await ask(client, cookie | headers))


async def test_a_refused_request_changes_nothing(database: Database) -> None:
    await person(database, "ann")
    async with client_of(database) as client:
        cookie = await cookie_of(client)
        for headers in OTHERS:
            refused = await client.post(
                "/graphql", json={"query": SIGN_OUT}, headers=cookie | headers
            )
            assert is_refused(refused)
        assert (await ask(client, cookie)).json() == SIGNED_IN


async def test_another_host_s_page_is_not_ours_under_a_public_url(database: Database) -> None:
    await person(database, "ann")
    async with client_of(database, public_url="https://blog.test") as client:
        cookie = await cookie_of(client)
        assert is_refused(await ask(client, cookie | {"Origin": ORIGIN}))
        own = {"Origin": "https://blog.test"}
        assert (await ask(client, cookie | own)).json() == SIGNED_IN


async def test_a_page_of_a_named_origin_may_use_a_cookie(database: Database) -> None:
    await person(database, "ann")
    async with client_of(database, cors_origins="https://app.test") as client:
        cookie = await cookie_of(client)
        app = {"Origin": "https://app.test", "Sec-Fetch-Site": "same-site"}
        response = await ask(client, cookie | app)
        assert response.json() == SIGNED_IN
        assert response.headers["Access-Control-Allow-Origin"] == "https://app.test"
        assert is_refused(await ask(client, cookie | {"Origin": "https://evil.test"}))
        assert is_refused(await ask(client, cookie | app | {"Sec-Fetch-Site": "cross-site"}))


async def test_where_all_may_read_none_may_use_a_cookie(database: Database) -> None:
    await person(database, "ann")
    async with client_of(database, cors_origins="*") as client:
        cookie = await cookie_of(client)
        assert is_refused(await ask(client, cookie | {"Origin": "https://evil.test"}))
        assert (await ask(client, cookie)).json() == SIGNED_IN


@pytest.mark.parametrize("name", ["GraphQL-Require-Preflight", "Apollo-Require-Preflight"])
async def test_a_simple_request_with_a_cookie_is_refused(database: Database, name: str) -> None:
    """A GET by a link or an image, and a form's POST: a browser sends them without asking."""
    await person(database, "ann")
    async with client_of(database) as client:
        cookie = {"Cookie": (await cookie_of(client))["Cookie"]}
        assert is_refused(await client.get("/graphql", params={"query": ME}, headers=cookie))
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            form = cookie | {"Content-Type": kind}
            refused = await client.post(
                "/graphql", content=f'{{"query":"{SIGN_OUT}"}}', headers=form
            )
            assert refused.status_code == 415
        asked = await client.get("/graphql", params={"query": ME}, headers=cookie | {name: "1"})
        assert asked.json() == SIGNED_IN


async def test_without_a_cookie_every_origin_may_ask(database: Database) -> None:
    async with client_of(database) as client:
        for headers in OTHERS:
            response = await client.get(
                "/graphql", params={"query": "{ __typename }"}, headers=headers
            )
            assert response.json() == {"data": {"__typename": "Query"}}


# --- The schema


async def test_only_admins_see_a_schema_that_is_not_shown(database: Database) -> None:
    await person(database, "ann")
    await person(database, "root", role="SUPERUSER")
    async with client_of(database, introspection=False) as client:
        assert code_of(await client.graphql(SCHEMA)) == "INTROSPECTION_DISABLED"
        await client.sign_in("ann")
        assert code_of(await client.graphql(SCHEMA)) == "INTROSPECTION_DISABLED"
        await client.sign_in("root")
        shown = {"data": {"__schema": {"queryType": {"name": "Query"}}}}
        assert await client.graphql(SCHEMA) == shown
        del client.headers["Authorization"]
        assert code_of(await client.graphql(SCHEMA)) == "INTROSPECTION_DISABLED"


# --- Caches


async def test_nothing_is_kept_for_who_is_signed_in(database: Database) -> None:
    text = "{ __typename }"
    hash_ = sha256(text.encode()).hexdigest()
    extension = f'{{"persistedQuery":{{"version":1,"sha256Hash":"{hash_}"}}}}'
    await person(database, "ann")
    async with client_of(database) as client:
        cookie = await cookie_of(client)
        remembered: dict[str, Any] = {"query": text, "extensions": {"persistedQuery": {}}}
        remembered["extensions"]["persistedQuery"] = {"version": 1, "sha256Hash": hash_}
        assert (await client.post("/graphql", json=remembered)).status_code == 200
        asked = {"extensions": extension}
        public = await client.get("/graphql", params=asked)
        own = await client.get("/graphql", params=asked, headers=cookie)
        await client.sign_in("ann")
        by_token = await client.get("/graphql", params=asked)
        assert public.json() == own.json() == by_token.json()
        assert public.headers["Cache-Control"] == "public, max-age=60"
        assert own.headers["Cache-Control"] == by_token.headers["Cache-Control"] == "no-store"


def test_the_cookie_is_bound_to_this_host() -> None:
    assert COOKIE.startswith("__Host-")
