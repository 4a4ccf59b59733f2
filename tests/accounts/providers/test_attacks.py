"""Signing in with a provider: who lies, and who meddles."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.auth.credentials import COOKIE
from db.database import Database
from db.models.factor import Challenge
from identity.secrets import Keyring
from tests.accounts.providers.states import codes, count, nobody_came_in
from tests.browsing import Browser
from tests.provider import ANN, CLIENT, ISSUER, SECRET, START, Provider, forger
from tests.signing import Client
from tests.tokens import signed_by_secret, unsigned

LATER = datetime.now(UTC) + timedelta(days=1)
EARLIER = datetime.now(UTC) - timedelta(minutes=1)
LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "another issuer": {"claims": {"iss": "https://elsewhere.test"}},
    "no issuer": {"claims": {"iss": None}},
    "another audience": {"claims": {"aud": "another client"}},
    "no audience": {"claims": {"aud": None}},
    "audiences without a party": {"claims": {"aud": [CLIENT, "another client"]}},
    "another party": {"claims": {"azp": "another client"}},
    "another party beside us": {"claims": {"aud": [CLIENT, "another"], "azp": "another"}},
    "no subject": {"claims": {"sub": None}},
    "an empty subject": {"claims": {"sub": ""}},
    "a number for a subject": {"claims": {"sub": 1}},
    "expired": {"claims": {"exp": EARLIER}},
    "no end": {"claims": {"exp": None}},
    "from the future": {"claims": {"iat": LATER}},
    "no beginning": {"claims": {"iat": None}},
    "another access token": {"claims": {"at_hash": "another"}},
    "no hash of a string": {"claims": {"at_hash": 1}},
    "an unknown key": {"header": {"kid": "unknown"}},
    "no ID token": {"token": {"id_token": None}},
    "a list for an ID token": {"token": {"id_token": ["a"]}},
    "no token at all": {"token": {"id_token": "a.b.c"}},
    "no access token": {"token": {"access_token": None}},
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_lie_lets_nobody_in(
    lie: str, browser: Browser, provider: Provider, database: Database
) -> None:
    for name, value in LIES[lie].items():
        setattr(provider, name, value)
    end = await browser.goes_to(provider.answer(await browser.goes_to(START)))
    assert end == "/welcome?error=INVALID_TOKEN"
    assert await codes(database) == ["INVALID_TOKEN"]
    await nobody_came_in(database, browser)


@pytest.mark.parametrize("forgery", ["none", "another key", "our secret", "the public key"])
async def test_a_forged_id_token_lets_nobody_in(
    forgery: str, browser: Browser, provider: Provider, database: Database
) -> None:
    sign, public = provider.sign, json.dumps(provider.key.jwk()).encode()
    forgeries: dict[str, Any] = {
        "none": lambda key, claims, **header: unsigned(sign(key, claims, **header), alg="none"),
        "another key": lambda key, claims, **header: sign(forger(key), claims, **header),
        "our secret": lambda key, claims, **_: signed_by_secret(
            SECRET.encode(), claims, kid=key.id, typ="JWT"
        ),
        "the public key": lambda key, claims, **_: signed_by_secret(public, claims, kid=key.id),
    }
    provider.sign = forgeries[forgery]
    end = await browser.goes_to(provider.answer(await browser.goes_to(START)))
    assert end == "/welcome?error=INVALID_TOKEN"
    await nobody_came_in(database, browser)


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        ({"iss": "https://elsewhere.test"}, "/welcome?error=INVALID_STATE"),
        ({"iss": f"{ISSUER}/"}, "/welcome?error=INVALID_STATE"),
        ({"iss": None}, "/welcome?error=INVALID_STATE"),
        ({"state": "made up"}, "/?error=INVALID_STATE"),
        ({"state": None}, "/?error=INVALID_STATE"),
        ({"code": None, "error": "access_denied"}, "/welcome?error=ACCESS_DENIED"),
        ({"code": None, "error": "<script>"}, "/welcome?error=PROVIDER_ERROR"),
    ],
)
async def test_an_answer_that_is_none_lets_nobody_in(
    changes: dict[str, str], end: str, browser: Browser, provider: Provider, database: Database
) -> None:
    assert await browser.goes_to(provider.answer(await browser.goes_to(START), **changes)) == end
    assert await codes(database) == [end.rpartition("=")[2]]
    assert f"{ISSUER}/token" not in provider.asked
    await nobody_came_in(database, browser)


async def test_a_provider_that_names_itself_in_no_answer_is_believed_when_it_says_so(
    browser: Browser, provider: Provider
) -> None:
    provider.metadata = {"authorization_response_iss_parameter_supported": None}
    back = provider.answer(await browser.goes_to(START), iss=None)
    assert await browser.goes_to(back) == "/welcome"


async def test_the_answer_of_one_provider_is_none_of_another(
    browser: Browser, provider: Provider, database: Database
) -> None:
    back = provider.answer(await browser.goes_to(START))
    end = await browser.goes_to(back.replace("/auth/one/", "/auth/two/"))
    assert end == "/?error=INVALID_STATE"
    assert await browser.goes_to(back) == "/?error=INVALID_STATE"
    await nobody_came_in(database, browser)


async def test_a_browser_without_the_cookie_is_not_signed_in(
    browser: Browser, client: Client, provider: Provider, database: Database
) -> None:
    """An attacker has somebody finish the sign-in that the attacker has begun."""
    back = provider.answer(await browser.goes_to(START))
    victim = Browser(client)
    assert await victim.goes_to(back) == "/?error=INVALID_STATE"
    await nobody_came_in(database, victim)
    # Whoever has not begun it cannot use it up either.
    assert await browser.goes_to(back) == "/welcome"


async def test_a_session_cookie_that_was_there_before_is_not_taken_over(
    browser: Browser, provider: Provider
) -> None:
    browser.cookies[COOKIE] = "planted"
    back = provider.answer(await browser.goes_to(START))
    await browser.goes_to(back)
    assert browser.cookies[COOKIE] != "planted"
    assert await browser.me() == ANN


async def test_a_sign_in_waits_for_ten_minutes(
    browser: Browser, provider: Provider, database: Database
) -> None:
    back = provider.answer(await browser.goes_to(START))
    async with database.write() as tx:
        late = datetime.now(UTC) - timedelta(seconds=1)
        await tx.execute(update(Challenge).values(expires_at=late))
    assert await browser.goes_to(back) == "/?error=INVALID_STATE"
    await nobody_came_in(database, browser)


async def test_a_sign_in_that_began_under_a_lost_secret_begins_again(
    browser: Browser, provider: Provider, database: Database
) -> None:
    back = provider.answer(await browser.goes_to(START))
    async with database.write() as tx:
        details = (await tx.scalars(select(Challenge.details))).one()
        sealed = Keyring(["another secret of thirty-two letters"]).seal("any")
        await tx.execute(update(Challenge).values(details={**details, "verifier": sealed}))
    assert await browser.goes_to(back) == "/?error=INVALID_STATE"
    await nobody_came_in(database, browser)


async def test_a_provider_that_is_away_is_said_to_be(
    browser: Browser, provider: Provider, database: Database
) -> None:
    provider.is_away = True
    assert await browser.goes_to(START) == "/welcome?error=PROVIDER_UNAVAILABLE"
    assert await browser.goes_to(START) == "/welcome?error=PROVIDER_UNAVAILABLE"
    assert provider.asked == [f"{ISSUER}/.well-known/openid-configuration"]
    assert await count(database, Challenge) == 0


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://elsewhere.test"},
        {"issuer": f"{ISSUER}/"},
        {"token_endpoint": "http://169.254.169.254/latest"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"token_endpoint": None},
        {"jwks_uri": None},
    ],
)
async def test_a_discovery_document_that_is_wrong_is_not_followed(
    metadata: dict[str, Any], browser: Browser, provider: Provider
) -> None:
    provider.metadata = metadata
    assert await browser.goes_to(START) == "/welcome?error=PROVIDER_UNAVAILABLE"
    assert len(provider.asked) == 1
