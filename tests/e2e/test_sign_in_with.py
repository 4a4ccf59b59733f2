"""Signing in with a real OpenID provider, npm's oidc-provider."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from app.auth.credentials import COOKIE
from db.database import Database
from db.models.account import Identity
from db.models.audit import AuditEvent
from db.models.session import Session
from db.models.user import User
from identity.secrets import Keyring
from tests.accounts.proving import do, enable_totp, rewind
from tests.authenticators import code_at
from tests.browsing import Browser, at_provider
from tests.signing import ORIGIN, SECRET, authority_on, client_of, code_of, person

CALLBACK = f"{ORIGIN}/auth/test/callback"
START = "/auth/test/start?redirect=/welcome"


@pytest.fixture(scope="module")
def issuer(node: str, clients: Path) -> Iterator[str]:
    """The issuer of a provider that lets everybody in."""
    command = [node, str(clients / "openid.mjs"), CALLBACK]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def providers(issuer: str, **changes: Any) -> str:
    provider = {
        "name": "test",
        "issuer": issuer,
        "client_id": "RS256",
        "client_secret": "a secret that the provider knows",
    }
    return json.dumps([{**provider, **changes}])


async def actions(database: Database) -> list[tuple[str, str]]:
    async with database.read() as connection:
        rows = await connection.execute(
            select(AuditEvent.action, AuditEvent.result).order_by(AuditEvent.at, AuditEvent.id)
        )
    return [(row.action, row.result) for row in rows]


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_somebody_new_signs_in_and_comes_again(
    algorithm: str, issuer: str, database: Database
) -> None:
    configured = providers(issuer, client_id=algorithm)
    async with client_of(database, oidc_providers=configured) as client:
        for _ in range(2):
            browser = Browser(client)
            back = await at_provider(await browser.goes_to(START), "ann")
            assert back.startswith(CALLBACK)
            assert await browser.goes_to(back) == "/welcome"
            assert list(browser.cookies) == ["__Host-masthead"]
            assert await browser.me() == {
                "username": "ann",
                "name": "The ann",
                "email": "ann@masthead.test",
                "provider": "test",
                "identities": [{"provider": "test", "email": "ann@masthead.test"}],
            }
    async with database.read() as connection:
        [row] = await connection.execute(select(Identity.issuer, Identity.subject, Identity.tokens))
    assert (row.issuer, row.subject) == (issuer, "ann")
    kept = json.loads(Keyring([SECRET]).open(row.tokens))
    assert {"access_token", "id_token"} <= kept.keys()
    assert await actions(database) == [
        ("account.create", "SUCCESS"),
        ("identity.link", "SUCCESS"),
        ("session.start", "SUCCESS"),
        ("session.start", "SUCCESS"),
    ]


async def test_who_has_an_account_is_known_by_the_verified_address(
    issuer: str, database: Database
) -> None:
    user_id = await person(database, "ann")
    async with database.write() as tx:
        await tx.execute(update(User).values(email="Ann@masthead.test", username="annie"))
    async with client_of(database, oidc_providers=providers(issuer)) as client:
        browser = Browser(client)
        await browser.goes_to(await at_provider(await browser.goes_to(START), "ann"))
        me = await browser.me()
    assert isinstance(me, dict)
    assert me["username"] == "annie"
    async with database.read() as connection:
        assert (await connection.scalars(select(Identity.user_id))).all() == [user_id]
    assert await actions(database) == [("identity.link", "SUCCESS"), ("session.start", "SUCCESS")]


async def test_an_unverified_address_opens_no_account_and_makes_none(
    issuer: str, database: Database
) -> None:
    await person(database, "unverified-ann")
    async with client_of(database, oidc_providers=providers(issuer)) as client:
        for login in ("unverified-ann", "unverified-bob"):
            browser = Browser(client)
            back = await at_provider(await browser.goes_to(START), login)
            assert await browser.goes_to(back) == "/welcome?error=EMAIL_NOT_VERIFIED"
            assert browser.cookies == {}
            assert await browser.me() == "UNAUTHENTICATED"
    async with database.read() as connection:
        assert (await connection.scalars(select(Identity.id))).all() == []
        assert (await connection.scalars(select(User.username))).all() == ["unverified-ann"]
    assert await actions(database) == [("identity.verify", "FAILURE")] * 2


async def test_closed_sign_up_lets_in_only_whom_it_knows(issuer: str, database: Database) -> None:
    await person(database, "ann")
    closed = authority_on(database, sign_up_open=False)
    async with client_of(database, closed, oidc_providers=providers(issuer)) as client:
        for login, end in (("ann", "/welcome"), ("bob", "/welcome?error=SIGN_UP_CLOSED")):
            browser = Browser(client)
            back = await at_provider(await browser.goes_to(START), login)
            assert await browser.goes_to(back) == end
    async with database.read() as connection:
        assert (await connection.scalars(select(User.username))).all() == ["ann"]


async def test_an_answer_is_good_once_and_in_one_browser(issuer: str, database: Database) -> None:
    async with client_of(database, oidc_providers=providers(issuer)) as client:
        victim, thief = Browser(client), Browser(client)
        back = await at_provider(await victim.goes_to(START), "ann")
        await thief.goes_to(START)
        assert await thief.goes_to(back) == "/?error=INVALID_STATE"
        assert await thief.me() == "UNAUTHENTICATED"
        # The thief has used it up: nobody gets in by it.
        assert await victim.goes_to(back) == "/?error=INVALID_STATE"
        back = await at_provider(await victim.goes_to(START), "ann")
        kept = dict(victim.cookies)
        assert await victim.goes_to(back) == "/welcome"
        victim.cookies = kept
        assert await victim.goes_to(back) == "/?error=INVALID_STATE"


async def test_a_provider_that_does_not_know_our_secret_lets_nobody_in(
    issuer: str, database: Database
) -> None:
    configured = providers(issuer, client_secret="another secret")
    async with client_of(database, oidc_providers=configured) as client:
        browser = Browser(client)
        back = await at_provider(await browser.goes_to(START), "ann")
        assert await browser.goes_to(back) == "/welcome?error=PROVIDER_ERROR"
        assert await browser.me() == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("login", "trusted", "asked"),
    [("ann", False, True), ("ann", True, True), ("strong", False, True), ("strong", True, False)],
)
async def test_a_second_factor_is_asked_for_unless_a_trusted_provider_has_seen_one(
    login: str, trusted: bool, asked: bool, issuer: str, database: Database
) -> None:
    configured = providers(issuer, trust_second_factor=trusted)
    await person(database, login)
    async with client_of(database, oidc_providers=configured) as client:
        browser = Browser(client)
        await browser.goes_to(await at_provider(await browser.goes_to(START), login))
        await client.sign_in(login)
        seed, _ = await enable_totp(client)
        await rewind(database)
        browser.cookies.clear()
        end = await browser.goes_to(await at_provider(await browser.goes_to(START), login))
        page, _, token = end.partition("#second_factor=")
        assert (page, token != "") == ("/welcome", asked)
        assert (COOKIE in browser.cookies) is not asked
        if asked:
            resumed = await do(client, "resumeSignIn", "secondFactor { token }", token=token)
            given = {"token": resumed["secondFactor"]["token"], "totpCode": code_at(seed)}
            await do(client, "completeSignIn", "tokens { accessToken }", **given)
    async with database.read() as connection:
        last = select(Session.method, Session.strong).order_by(Session.created_at.desc()).limit(1)
        assert (await connection.execute(last)).one() == ("test", True)


async def test_the_access_tokens_of_the_provider_can_be_used_alone(
    issuer: str, database: Database
) -> None:
    token = await access_token(issuer, "ann")
    configured = json.dumps([{"issuer": issuer, "audience": "masthead"}])
    async with client_of(database, external_issuers=configured) as client:
        for _ in range(2):
            body = await client.graphql(
                "{ me { username email provider } }", Authorization=f"Bearer {token}"
            )
            me = {"username": "ann", "email": "ann@masthead.test", "provider": "127.0.0.1"}
            assert body == {"data": {"me": me}}
    assert await actions(database) == [("account.create", "SUCCESS"), ("identity.link", "SUCCESS")]
    foreign = json.dumps([{"issuer": issuer, "audience": "another"}])
    async with client_of(database, external_issuers=foreign) as client:
        response = await client.operation("{ __typename }", Authorization=f"Bearer {token}")
        assert (response.status_code, code_of(response.json())) == (401, "UNAUTHENTICATED")


async def access_token(issuer: str, login: str) -> str:
    """An access token for Masthead, got by an app of its own."""
    # The pair of RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    asked = httpx.QueryParams(
        client_id="app",
        response_type="code",
        redirect_uri=CALLBACK,
        scope="openid",
        code_challenge=challenge,
        code_challenge_method="S256",
        resource="http://masthead.test/graphql",
    )
    back = httpx.URL(await at_provider(f"{issuer}/auth?{asked}", login))
    form = {
        "client_id": "app",
        "grant_type": "authorization_code",
        "code": back.params["code"],
        "redirect_uri": CALLBACK,
        "code_verifier": verifier,
        "resource": "http://masthead.test/graphql",
    }
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{issuer}/token", data=form)
    return str(answer.json()["access_token"])
