from collections.abc import AsyncIterator

import pytest

from db.database import Database
from tests.browsing import Browser
from tests.provider import FRONTEND, PROVIDERS, Provider
from tests.signing import Client, client_of


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The only one that there is an answer from."""
    provider = Provider()
    monkeypatch.setattr("app.main.Outbound", lambda production: provider)
    return provider


@pytest.fixture
async def client(database: Database, provider: Provider) -> AsyncIterator[Client]:
    async with client_of(database, oidc_providers=PROVIDERS, redirects=FRONTEND) as client:
        yield client


@pytest.fixture
def browser(client: Client) -> Browser:
    return Browser(client)
