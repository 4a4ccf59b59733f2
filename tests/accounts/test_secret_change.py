"""Another secret for the deployment: what people have goes on, in both steps of the change."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.auth.credentials import COOKIE
from db.database import Database
from db.models.session import RefreshToken
from db.signing_keys import SigningKeys
from db.writes.sealing import reseal
from identity.secrets import Keyring
from tests.accounts.mailbox import collect
from tests.accounts.proving import attempt, demanded, do, enable_totp, register, rewind
from tests.accounts.test_api_keys import key_of
from tests.accounts.test_sessions import ME, actions, living, refreshed, tokens_of
from tests.authenticators import SoftPasskey, code_at
from tests.browsing import Browser
from tests.provider import ANN, PROVIDERS, START, Provider
from tests.signing import (
    PASSWORD,
    SECRET,
    SIGN_IN,
    Client,
    authority_on,
    client_of,
    code_of,
    credentials,
    person,
)

NEW = "another secret of thirty-two letters"
# What the servers know during the change, and after it.
BOTH, LATER = (NEW, SECRET), (NEW,)
IS_ANN = {"data": {"me": {"username": "ann"}}}


@asynccontextmanager
async def server(
    database: Database, secrets: Sequence[str], algorithm: str = "EdDSA", **settings: Any
) -> AsyncIterator[Client]:
    """A client of a server that has just been started with these secrets."""
    keyring = Keyring(secrets)
    if secrets == LATER:
        async with database.write() as tx:
            await reseal(tx, Keyring(BOTH))
    keys = SigningKeys(database, keyring, algorithm)
    authority = authority_on(database, keyring=keyring, signing_keys=keys)
    async with client_of(database, authority, **settings) as client:
        yield client


@pytest.fixture(params=[BOTH, LATER], ids=["both", "later"])
def secrets(request: pytest.FixtureRequest) -> Sequence[str]:
    given: Sequence[str] = request.param
    return given


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((SECRET,), BOTH),
        # Of several servers, one has the new secret already, and another never derives with it.
        ((SECRET, NEW), BOTH),
        (BOTH, (SECRET, NEW)),
    ],
)
async def test_a_lost_answer_is_given_again_under_another_secret(
    before: Sequence[str], after: Sequence[str], database: Database
) -> None:
    await person(database, "ann")
    async with server(database, before) as client:
        first = await client.sign_in("ann")
        lost = tokens_of(await refreshed(client, first["refreshToken"]))["refreshToken"]
    async with server(database, after) as client:
        again = tokens_of(await refreshed(client, first["refreshToken"]))["refreshToken"]
        assert again == lost
        assert await living(database) == 1
        following = tokens_of(await refreshed(client, again))["refreshToken"]
        assert tokens_of(await refreshed(client, again))["refreshToken"] == following
    assert ("session.reuse", "FAILURE") not in await actions(database)


@pytest.mark.parametrize("late", [True, False])
async def test_a_stolen_token_is_one_under_another_secret_too(
    late: bool, database: Database
) -> None:
    """Presented after the grace, or once its successor was used."""
    await person(database, "ann")
    async with server(database, (SECRET,)) as client:
        first = (await client.sign_in("ann"))["refreshToken"]
        second = tokens_of(await refreshed(client, first))["refreshToken"]
        if late:
            earlier = datetime.now(UTC) - timedelta(seconds=11)
            async with database.write() as tx:
                used = RefreshToken.used_at.is_not(None)
                await tx.execute(update(RefreshToken).where(used).values(used_at=earlier))
        else:
            await refreshed(client, second)
    async with server(database, BOTH) as client:
        assert code_of(await refreshed(client, first)) == "UNAUTHENTICATED"
        assert code_of(await refreshed(client, second)) == "UNAUTHENTICATED"
    assert await living(database) == 0
    assert (await actions(database))[-1] == ("session.reuse", "FAILURE")


@pytest.mark.parametrize("algorithm", ["EdDSA", "HS256"])
async def test_nobody_is_signed_out(
    algorithm: str, secrets: Sequence[str], database: Database
) -> None:
    await person(database, "ann")
    async with server(database, (SECRET,), algorithm) as client:
        tokens = await client.sign_in("ann")
        given = credentials("ann", transport="COOKIE")
        response = await client.operation(SIGN_IN, {"input": given})
        cookie = response.headers["Set-Cookie"].partition(";")[0]
        assert cookie.startswith(f"{COOKIE}=")
    async with server(database, secrets, algorithm) as client:
        bearer = f"Bearer {tokens['accessToken']}"
        assert await client.graphql(ME, Authorization=bearer) == IS_ANN
        assert await client.graphql(ME, Cookie=cookie, GraphQL_Require_Preflight="1") == IS_ANN
        renewed = tokens_of(await refreshed(client, tokens["refreshToken"]))
        assert await client.graphql(ME, Authorization=f"Bearer {renewed['accessToken']}") == IS_ANN


async def test_an_api_key_goes_on(secrets: Sequence[str], database: Database) -> None:
    await person(database, "ann")
    async with server(database, (SECRET,)) as client:
        await client.sign_in("ann")
        key = await key_of(client)
    async with server(database, secrets) as client:
        query = "{ me { username } }"
        assert await client.graphql(query, Authorization=f"Bearer {key}") == IS_ANN


async def test_second_factors_go_on(secrets: Sequence[str], database: Database) -> None:
    await person(database, "ann")
    key = SoftPasskey()
    async with server(database, (SECRET,)) as client:
        await client.sign_in("ann")
        seed, codes = await enable_totp(client)
        await register(client, key)
        begun = await demanded(client, "ann")
    await rewind(database)
    async with server(database, secrets) as client:
        for given in (
            {"token": begun["token"], "totpCode": code_at(seed)},
            {"token": (await demanded(client, "ann"))["token"], "recoveryCode": codes[0]},
        ):
            await do(client, "completeSignIn", "tokens { accessToken }", **given)
        demand = await demanded(client, "ann")
        passkey = key.get(demand["passkeyOptions"])
        given = {"token": demand["token"], "passkey": passkey}
        await do(client, "completeSignIn", "tokens { accessToken }", **given)


async def test_links_by_mail_go_on(secrets: Sequence[str], database: Database) -> None:
    await person(database, "ann")
    async with server(database, (SECRET,)) as client:
        await do(client, "requestPasswordReset", "status", email="ann@masthead.test")
        [reset] = await collect(database)
        newcomer = credentials("new") | {"name": "New", "username": "new"}
        await do(client, "signUp", "status", **newcomer)
        [sign_up] = await collect(database)
    async with server(database, secrets) as client:
        await do(client, "resetPassword", token=reset.token, newPassword="another battery horse")
        done = await do(client, "verifyEmail", "signedIn", token=sign_up.token, password=PASSWORD)
        assert done == {"signedIn": True}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    provider = Provider()
    monkeypatch.setattr("app.main.Outbound", lambda production: provider)
    return provider


async def test_a_sign_in_with_a_provider_goes_on(database: Database, provider: Provider) -> None:
    """What it keeps is sealed with the old secret."""
    async with server(database, (SECRET,), oidc_providers=PROVIDERS) as client:
        browser = Browser(client)
        back = provider.answer(await browser.goes_to(START))
    async with server(database, BOTH, oidc_providers=PROVIDERS) as client:
        browser.client = client
        assert await browser.goes_to(back) == "/welcome"
        assert await browser.me() == ANN


async def test_a_sign_in_with_a_provider_that_the_change_outran_begins_again(
    database: Database, provider: Provider
) -> None:
    """It is not sealed anew: it lasts for ten minutes, and nobody has lost anything."""
    async with server(database, (SECRET,), oidc_providers=PROVIDERS) as client:
        browser = Browser(client)
        back = provider.answer(await browser.goes_to(START))
    async with server(database, LATER, oidc_providers=PROVIDERS) as client:
        browser.client = client
        assert await browser.goes_to(back) == "/?error=INVALID_STATE"
        back = provider.answer(await browser.goes_to(START))
        assert await browser.goes_to(back) == "/welcome"
        assert await browser.me() == ANN


async def test_a_wrong_code_is_one_under_another_secret_too(
    secrets: Sequence[str], database: Database
) -> None:
    await person(database, "ann")
    async with server(database, (SECRET,)) as client:
        await client.sign_in("ann")
        await enable_totp(client)
    async with server(database, secrets) as client:
        token = (await demanded(client, "ann"))["token"]
        body = await attempt(
            client, "completeSignIn", "tokens { accessToken }", token=token, totpCode="000000"
        )
        assert code_of(body) == "UNAUTHENTICATED"
