"""Signing in with a provider: to it, back, and where the browser goes then."""

import httpx
import pytest
from sqlalchemy import select

from db.database import Database
from db.models.account import Identity
from db.models.audit import AuditEvent
from db.models.factor import Challenge
from tests.accounts.providers.states import count, nobody_came_in
from tests.browsing import Browser
from tests.provider import ANN, CLIENT, FRONTEND, ISSUER, START, Provider
from tests.signing import Client, authority_on, client_of, code_of


async def test_the_provider_is_asked_for_a_code_by_all_rules(
    browser: Browser, provider: Provider
) -> None:
    response = await browser.open(START)
    address = httpx.URL(response.headers["Location"])
    asked = dict(address.params)
    assert str(address.copy_with(query=None)) == "https://id.test/authorize"
    secrets = {asked.pop(name) for name in ("state", "nonce", "code_challenge")}
    assert {len(secret) for secret in secrets} == {43}
    assert len(secrets) == 3
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": "http://masthead.test/auth/one/callback",
        "scope": "openid email profile",
        "code_challenge_method": "S256",
    }
    assert response.headers["Set-Cookie"].endswith(
        "; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax"
    )
    assert response.headers["Set-Cookie"].startswith("__Host-masthead-sign-in=")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_somebody_new_is_signed_in(
    browser: Browser, provider: Provider, database: Database
) -> None:
    assert await browser.goes_to(provider.answer(await browser.goes_to(START))) == "/welcome"
    assert await browser.me() == ANN
    assert await count(database, Challenge) == 0


async def test_nothing_secret_stands_in_the_database(
    browser: Browser, provider: Provider, database: Database
) -> None:
    address = await browser.goes_to(START)
    binding = browser.cookies["__Host-masthead-sign-in"]
    async with database.read() as connection:
        [kept] = await connection.execute(select(Challenge.digest, Challenge.details))
    answer = provider.answer(address)
    assert provider._begun["state"] not in str(kept)
    assert binding not in str(kept)
    await browser.goes_to(answer)
    async with database.read() as connection:
        assert "an access token" not in str((await connection.execute(select(Identity))).all())
        assert "an access token" not in str((await connection.execute(select(AuditEvent))).all())


async def test_an_address_that_the_id_token_lacks_is_asked_for(
    browser: Browser, provider: Provider, database: Database
) -> None:
    provider.claims = {"email": None, "email_verified": None}
    provider.metadata = {"userinfo_endpoint": f"{ISSUER}/userinfo"}
    told = {"sub": "ann at id.test", "email": "ann@masthead.test", "email_verified": True}
    provider.userinfo = {**told, "sub": "bob at id.test"}
    end = await browser.goes_to(provider.answer(await browser.goes_to(START)))
    assert end == "/welcome?error=INVALID_TOKEN"
    await nobody_came_in(database, browser)
    provider.userinfo = told
    assert await browser.goes_to(provider.answer(await browser.goes_to(START))) == "/welcome"
    assert await browser.me() == ANN


# --- Where the browser goes


@pytest.mark.parametrize(
    "redirect",
    [
        "/",
        "/a/b?c=d#e",
        "/%2F%2Felsewhere.test",
        FRONTEND,
        f"{FRONTEND}/a?b",
        "http://masthead.test/x",
    ],
)
async def test_the_browser_comes_back_to_a_page_of_ours(
    redirect: str, browser: Browser, provider: Provider
) -> None:
    response = await browser.client.get("/auth/one/start", params={"redirect": redirect})
    binding = response.headers["Set-Cookie"].partition(";")[0].partition("=")
    browser.cookies[binding[0]] = binding[2]
    assert await browser.goes_to(provider.answer(response.headers["Location"])) == redirect


@pytest.mark.parametrize(
    "redirect",
    [
        "https://elsewhere.test/",
        "//elsewhere.test",
        "/\\elsewhere.test",
        "\\\\elsewhere.test",
        "/\t/elsewhere.test",
        "/\n/elsewhere.test",
        "/a\r\nSet-Cookie: a=b",
        " https://elsewhere.test",
        "javascript:alert(1)",
        "data:text/html,x",
        "welcome",
        "?x",
        f"{FRONTEND}.elsewhere.test/",
        f"{FRONTEND}@elsewhere.test/",
        f"{FRONTEND}:8443/",
        f"{FRONTEND}//elsewhere.test/",
        "http://blog.test/",
        "https://ann@blog.test/",
        "http://masthead.test@elsewhere.test/",
        "http://masthead.test\\@elsewhere.test/",
    ],
)
async def test_no_other_page_is_opened(
    redirect: str, client: Client, provider: Provider, database: Database
) -> None:
    response = await client.get("/auth/one/start", params={"redirect": redirect})
    assert (response.status_code, code_of(response.json())) == (400, "BAD_REQUEST")
    assert "Location" not in response.headers
    assert await count(database, Challenge) == 0
    assert provider.asked == []


async def test_there_is_no_other_provider(client: Client) -> None:
    response = await client.get("/auth/three/start")
    assert (response.status_code, code_of(response.json())) == (404, "NOT_FOUND")


async def test_the_api_names_the_providers(client: Client, database: Database) -> None:
    query = "{ identityProviders { name startUrl } }"
    assert await client.graphql(query) == {"data": {"identityProviders": []}}
    authority = authority_on(database, providers=("one",))
    async with client_of(database, authority) as other:
        url = "http://masthead.test/auth/one/start"
        expected = {"data": {"identityProviders": [{"name": "one", "startUrl": url}]}}
        assert await other.graphql(query) == expected
