"""Signing in with a provider where the person has a second factor here."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app.auth.credentials import COOKIE
from db.database import Database
from db.models.account import Account
from db.models.factor import Challenge
from db.models.session import Session
from tests.accounts.providers.states import count
from tests.accounts.proving import (
    DEMAND,
    TOKENS,
    attempt,
    demanded,
    do,
    enable_totp,
    expire,
    log,
    register,
    rewind,
)
from tests.authenticators import SoftPasskey, code_at
from tests.browsing import Browser
from tests.provider import ANN, FRONTEND, ISSUER, START, TRUSTED, Provider
from tests.signing import PASSWORD, Client, code_of, credentials, person

RESUMED = "secondFactor { token methods expiresAt passkeyOptions }"
AFTER = "#second_factor="


@pytest.fixture
async def seed(database: Database, client: Client, provider: Provider) -> str:
    """Of the app of Ann, who can sign in with the provider, and is signed in nowhere."""
    await person(database, "ann")
    browser = Browser(client)
    assert await browser.goes_to(provider.answer(await browser.goes_to(START))) == "/welcome"
    await client.sign_in("ann", PASSWORD)
    seed, _ = await enable_totp(client)
    await do(client, "signOutEverywhere", "sessions")
    del client.headers["Authorization"]
    await rewind(database)
    return seed


async def comes_back(browser: Browser, provider: Provider, start: str = START) -> str:
    return await browser.goes_to(provider.answer(await browser.goes_to(start)))


async def token_of(browser: Browser, provider: Provider) -> str:
    page, _, token = (await comes_back(browser, provider)).partition(AFTER)
    assert (page, len(token)) == ("/welcome", 43)
    return token


async def living(database: Database) -> list[tuple[str, bool]]:
    """How people are signed in, and whether with a second factor."""
    async with database.read() as connection:
        rows = await connection.execute(
            select(Session.method, Session.strong).where(Session.revoked_at.is_(None))
        )
    return [(row.method, row.strong) for row in rows]


async def test_the_provider_alone_signs_nobody_in(
    seed: str, browser: Browser, provider: Provider, database: Database
) -> None:
    token = await token_of(browser, provider)
    assert browser.cookies == {}
    assert await browser.me() == "UNAUTHENTICATED"
    assert await living(database) == []
    async with database.read() as connection:
        assert token not in str((await connection.execute(select(Challenge))).all())


async def test_a_code_completes_the_sign_in(
    seed: str, browser: Browser, provider: Provider, client: Client, database: Database
) -> None:
    token = await token_of(browser, provider)
    demand = (await do(client, "resumeSignIn", RESUMED, token=token))["secondFactor"]
    assert demand["methods"] == ["TOTP", "RECOVERY_CODE"]
    assert demand["passkeyOptions"] is None
    assert demand["token"] != token
    response = await client.operation(
        "mutation($i: CompleteSignInInput!) { completeSignIn(input: $i) { tokens { accessToken } } }",
        {"i": {"token": demand["token"], "totpCode": code_at(seed), "transport": "COOKIE"}},
    )
    assert response.json() == {"data": {"completeSignIn": {"tokens": None}}}
    client.cookies.clear()
    browser.cookies[COOKIE] = response.headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    assert await browser.me() == ANN
    assert await living(database) == [("one", True)]
    assert (await log(database))[-1] == ("second_factor.verify", "SUCCESS")


async def test_a_passkey_completes_the_sign_in(
    seed: str, browser: Browser, provider: Provider, client: Client, database: Database
) -> None:
    key = SoftPasskey()
    token = (await demanded(client, "ann"))["token"]
    done = await do(client, "completeSignIn", TOKENS, token=token, totpCode=code_at(seed))
    client.headers["Authorization"] = f"Bearer {done['tokens']['accessToken']}"
    await register(client, key)
    await do(client, "signOutEverywhere", "sessions")
    del client.headers["Authorization"]
    given = {"token": await token_of(browser, provider)}
    demand = (await do(client, "resumeSignIn", RESUMED, **given))["secondFactor"]
    assert demand["methods"] == ["TOTP", "PASSKEY", "RECOVERY_CODE"]
    answer = {"token": demand["token"], "passkey": key.get(demand["passkeyOptions"])}
    await do(client, "completeSignIn", TOKENS, **answer)
    assert await living(database) == [("one", True)]


@pytest.mark.parametrize(
    ("redirect", "before"),
    [
        ("", f"/{AFTER}"),
        ("?redirect=/a?b=c", f"/a?b=c{AFTER}"),
        ("?redirect=/a%23b", "/a#b&second_factor="),
        (f"?redirect={FRONTEND}", f"{FRONTEND}{AFTER}"),
        (f"?redirect={FRONTEND}/a%23/b", f"{FRONTEND}/a#/b&second_factor="),
    ],
)
async def test_the_token_comes_where_no_server_sees_it(
    redirect: str, before: str, seed: str, browser: Browser, provider: Provider
) -> None:
    end = await comes_back(browser, provider, f"/auth/one/start{redirect}")
    assert end.startswith(before)
    assert len(end) == len(before) + 43


# --- Resuming


async def test_the_token_of_the_address_is_exchanged_once(
    seed: str, browser: Browser, provider: Provider, client: Client, database: Database
) -> None:
    """Who finds it later, in the history of the browser, has nothing of it."""
    token = await token_of(browser, provider)
    await do(client, "resumeSignIn", RESUMED, token=token)
    assert code_of(await attempt(client, "resumeSignIn", RESUMED, token=token)) == "UNAUTHENTICATED"
    body = await attempt(client, "completeSignIn", TOKENS, token=token, totpCode=code_at(seed))
    assert code_of(body) == "UNAUTHENTICATED"
    assert await living(database) == []


async def test_a_sign_in_with_a_password_is_resumed_too(
    seed: str, client: Client, database: Database
) -> None:
    begun = await demanded(client, "ann")
    resumed = (await do(client, "resumeSignIn", RESUMED, token=begun["token"]))["secondFactor"]
    given = {"token": resumed["token"], "totpCode": code_at(seed)}
    await do(client, "completeSignIn", TOKENS, **given)
    assert await living(database) == [("password", True)]


async def test_resuming_buys_neither_time_nor_attempts(
    seed: str, browser: Browser, provider: Provider, client: Client, database: Database
) -> None:
    token = await token_of(browser, provider)
    async with database.write() as tx:
        soon = datetime.now(UTC) + timedelta(minutes=1)
        await tx.execute(update(Challenge).values(expires_at=soon, failures=4))
    demand = (await do(client, "resumeSignIn", RESUMED, token=token))["secondFactor"]
    assert demand["expiresAt"] == soon.isoformat().replace("+00:00", "Z")
    wrong = {"token": demand["token"], "totpCode": "000000"}
    assert code_of(await attempt(client, "completeSignIn", TOKENS, **wrong)) == "UNAUTHENTICATED"
    for name, selection in (("resumeSignIn", RESUMED), ("completeSignIn", TOKENS)):
        more = {"totpCode": code_at(seed)} if name == "completeSignIn" else {}
        body = await attempt(client, name, selection, token=demand["token"], **more)
        assert body["errors"][0]["message"] == "This sign-in is over: start again."
    assert await living(database) == []


@pytest.mark.parametrize("how", ["late", "disabled", "made up"])
async def test_what_is_over_is_not_resumed(
    how: str, seed: str, browser: Browser, provider: Provider, client: Client, database: Database
) -> None:
    token = await token_of(browser, provider)
    if how == "late":
        await expire(database)
    if how == "disabled":
        async with database.write() as tx:
            await tx.execute(update(Account).values(disabled_at=func.now()))
    given = "made up" if how == "made up" else token
    assert code_of(await attempt(client, "resumeSignIn", RESUMED, token=given)) == "UNAUTHENTICATED"


async def test_the_tokens_of_one_step_are_none_of_another(
    seed: str, browser: Browser, provider: Provider, client: Client, database: Database
) -> None:
    token = await token_of(browser, provider)
    back = provider.answer(await browser.goes_to(START))
    state = provider._begun["state"]
    assert code_of(await attempt(client, "resumeSignIn", RESUMED, token=state)) == "UNAUTHENTICATED"
    end = await browser.goes_to(back.replace(state, token))
    assert end == "/?error=INVALID_STATE"
    passkey = await do(client, "startPasskeySignIn", "token")
    body = await attempt(client, "resumeSignIn", RESUMED, token=passkey["token"])
    assert code_of(body) == "UNAUTHENTICATED"
    assert await living(database) == []


# --- What the provider has seen

METHODS: list[tuple[object, bool]] = [
    (["pwd", "mfa"], True),
    (["pwd", "otp"], True),
    (["hwk"], True),
    (["swk"], True),
    (["sc", "pin"], True),
    (["pwd"], False),
    (["pwd", "sms"], False),
    ([], False),
    (None, False),
    ("mfa", False),
    ({"mfa": True}, False),
    ([["mfa"], 1, None], False),
    (["MFA"], False),
]


@pytest.mark.parametrize(("methods", "shown"), METHODS)
async def test_a_second_factor_at_a_trusted_provider_is_one(
    methods: object,
    shown: bool,
    seed: str,
    browser: Browser,
    provider: Provider,
    database: Database,
) -> None:
    provider.claims = {"amr": methods}
    end = await comes_back(browser, provider, TRUSTED)
    assert end.partition("#")[0] == "/welcome"
    assert (AFTER in end) is not shown
    assert await living(database) == ([("trusted", True)] if shown else [])


@pytest.mark.parametrize("methods", [methods for methods, shown in METHODS if shown])
async def test_no_other_provider_is_believed_that_there_was_one(
    methods: object, seed: str, browser: Browser, provider: Provider, database: Database
) -> None:
    provider.claims = {"amr": methods}
    await token_of(browser, provider)
    assert await living(database) == []


async def test_only_what_is_signed_counts(
    seed: str, browser: Browser, provider: Provider, database: Database
) -> None:
    """What the UserInfo endpoint has may be what people say of themselves."""
    provider.claims = {"email": None, "email_verified": None}
    provider.metadata = {"userinfo_endpoint": f"{ISSUER}/userinfo"}
    provider.userinfo = {"sub": "ann at id.test", "amr": ["mfa"]}
    assert AFTER in await comes_back(browser, provider, TRUSTED)
    assert await living(database) == []


@pytest.mark.parametrize(("start", "strong"), [(START, False), (TRUSTED, True)])
async def test_who_has_no_second_factor_here_is_let_in(
    start: str, strong: bool, browser: Browser, provider: Provider, database: Database
) -> None:
    provider.claims = {"amr": ["mfa"]}
    assert await comes_back(browser, provider, start) == "/welcome"
    assert [is_strong for _, is_strong in await living(database)] == [strong]


async def test_a_session_from_before_is_not_made_stronger(
    seed: str, browser: Browser, provider: Provider, client: Client, database: Database
) -> None:
    """Nor does the answer sign anybody in whose browser has been somebody else's meanwhile."""
    back = provider.answer(await browser.goes_to(START))
    await person(database, "bob")
    response = await client.operation(
        f"mutation($input: SignInInput!) {{ signIn(input: $input) {{ {DEMAND} }} }}",
        {"input": credentials("bob", transport="COOKIE")},
    )
    client.cookies.clear()
    browser.cookies[COOKIE] = response.headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    assert AFTER in await browser.goes_to(back)
    assert await living(database) == [("password", False)]
    assert await count(database, Challenge) == 1
