"""How often a network address may come to the two addresses of a provider."""

from typing import Any

import httpx
import pytest

from app.auth import sign_in
from db.database import Database
from db.models.account import Identity
from db.models.audit import AuditEvent
from db.models.factor import Challenge
from tests.accounts.providers.states import codes, count
from tests.browsing import Browser
from tests.provider import ANN, PROVIDERS, START, Provider
from tests.signing import client_of

MOST = 3


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "MOST", MOST)


def assert_throttled(response: httpx.Response, address: str) -> None:
    assert (response.status_code, response.json()) == (
        429,
        {
            "errors": [
                {
                    "message": f"Too many calls of {address}: try again later.",
                    "extensions": {"code": "RATE_LIMITED", "retryAfter": 60},
                }
            ]
        },
    )
    assert response.headers["Retry-After"] == "60"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers


async def test_who_begins_too_often_writes_nothing(
    browser: Browser, provider: Provider, database: Database
) -> None:
    for _ in range(MOST):
        await browser.goes_to(START)
    asked = len(provider.asked)
    for address in (START, START.replace("one", "two"), "/auth/one/start?redirect=//evil.test"):
        for method in ("GET", "HEAD"):
            response = await browser.client.request(method, address)
            assert response.status_code == 429
        assert_throttled(await browser.open(address), "/auth/*/start")
    assert await count(database, Challenge) == MOST
    assert await count(database, AuditEvent) == 0
    assert len(provider.asked) == asked


async def test_who_comes_back_too_often_writes_nothing(
    browser: Browser, database: Database
) -> None:
    for _ in range(MOST):
        assert await browser.goes_to("/auth/one/callback") == "/?error=INVALID_STATE"
    for address in ("/auth/one/callback", "/auth/two/callback?state=a&code=b"):
        assert_throttled(await browser.open(address), "/auth/*/callback")
    assert await codes(database) == ["INVALID_STATE"] * MOST
    assert await count(database, AuditEvent) == MOST


async def test_a_throttled_answer_is_not_used_up(
    browser: Browser, provider: Provider, database: Database
) -> None:
    back = provider.answer(await browser.goes_to(START))
    for _ in range(MOST):
        await browser.client.get("/auth/one/callback")
    assert_throttled(await browser.open(back), "/auth/*/callback")
    assert await count(database, Identity) == 0
    # From another address, where nobody has tried so often.
    async with client_of(database, address="192.0.2.9", oidc_providers=PROVIDERS) as elsewhere:
        browser.client = elsewhere
        assert await browser.goes_to(back) == "/welcome"
        assert await browser.me() == ANN


async def test_a_network_is_one_client(database: Database, provider: Provider) -> None:
    settings: dict[str, Any] = {"oidc_providers": PROVIDERS, "trusted_proxies": "192.0.2.1"}
    async with client_of(database, **settings) as client:
        for number, status in ((1, 303), (2, 303), (3, 303), (4, 429)):
            from_ = {"X-Forwarded-For": f"2001:db8:1:2::{number}"}
            assert (await client.get(START, headers=from_)).status_code == status
        other = {"X-Forwarded-For": "2001:db8:1:3::1"}
        assert (await client.get(START, headers=other)).status_code == 303


async def test_in_development_this_machine_may_come_as_often_as_it_likes(
    database: Database, provider: Provider
) -> None:
    async with client_of(database, address="127.0.0.1", oidc_providers=PROVIDERS) as client:
        statuses = [(await client.get(START)).status_code for _ in range(MOST + 2)]
    assert statuses == [303] * (MOST + 2)
