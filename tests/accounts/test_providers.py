"""Signing in with a provider: who lies, who meddles, who links what to whom."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, insert, select, update

from app.auth.credentials import COOKIE
from db.database import Database
from db.models.account import Account, Identity
from db.models.audit import AuditEvent
from db.models.factor import Challenge, Passkey, Totp
from db.models.session import Session
from db.models.user import User
from tests.browsing import Browser
from tests.provider import CLIENT, ISSUER, SECRET, Provider, forger
from tests.signing import (
    PASSWORD,
    SIGN_IN,
    Client,
    authority_on,
    client_of,
    code_of,
    credentials,
    person,
)
from tests.tokens import signed_by_secret, unsigned

START = "/auth/one/start?redirect=/welcome"
FRONTEND = "https://blog.test"
PROVIDERS = json.dumps(
    [
        {"name": "one", "issuer": ISSUER, "client_id": CLIENT, "client_secret": SECRET},
        {"name": "two", "issuer": "https://id.two.test", "client_id": CLIENT},
    ]
)
ANN = {
    "username": "ann",
    "name": "Ann",
    "email": "ann@masthead.test",
    "provider": "one",
    "identities": [{"provider": "one", "email": "ann@masthead.test"}],
}


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


async def count(database: Database, table: type[Any]) -> int:
    async with database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def codes(database: Database) -> list[str]:
    """The codes of the failures in the audit log."""
    async with database.read() as connection:
        details = await connection.scalars(
            select(AuditEvent.details).where(AuditEvent.action == "identity.verify")
        )
    return [each["code"] for each in details]


async def nobody_came_in(database: Database, browser: Browser) -> None:
    assert await browser.me() == "UNAUTHENTICATED"
    for table in (Identity, Account, User, Session):
        assert await count(database, table) == 0


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


# --- A provider that lies, or another that speaks in its name

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
    # What nobody came back for is swept out by the next who begins.
    await browser.goes_to(START)
    assert await count(database, Challenge) == 1


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


# --- Whose identity it is


async def with_cookie(browser: Browser, username: str) -> None:
    """Signs in by password, in the browser."""
    response = await browser.client.operation(
        SIGN_IN, {"input": credentials(username, transport="COOKIE")}
    )
    browser.client.cookies.clear()
    browser.cookies[COOKIE] = response.headers["Set-Cookie"].partition(";")[0].partition("=")[2]


SAME = {"Sec_Fetch_Site": "same-origin"}


async def test_an_unverified_address_claims_nothing(
    browser: Browser, provider: Provider, database: Database
) -> None:
    user_id = await person(database, "ann")
    unverified: list[Any] = [False, None, "true", 1, {}]
    for verified in unverified:
        provider.claims = {"email_verified": verified}
        end = await browser.goes_to(provider.answer(await browser.goes_to(START)))
        assert end == "/welcome?error=EMAIL_NOT_VERIFIED"
    assert await browser.me() == "UNAUTHENTICATED"
    assert await count(database, Identity) == 0
    # Once it is linked, the subject is enough.
    provider.claims = {}
    await browser.goes_to(provider.answer(await browser.goes_to(START)))
    browser.cookies.clear()
    provider.claims = {"email": "other@masthead.test", "email_verified": False}
    assert await browser.goes_to(provider.answer(await browser.goes_to(START))) == "/welcome"
    async with database.read() as connection:
        rows = await connection.execute(select(Identity.user_id, Identity.email))
        assert rows.all() == [(user_id, "ann@masthead.test")]


async def test_the_name_of_somebody_else_is_not_taken(
    browser: Browser, provider: Provider, database: Database
) -> None:
    await person(database, "ann")
    await person(database, "ann-2")
    provider.claims = {"email": "another@masthead.test"}
    await browser.goes_to(provider.answer(await browser.goes_to(START)))
    me = await browser.me()
    assert isinstance(me, dict)
    assert (me["username"], me["email"]) == ("ann-3", "another@masthead.test")


@pytest.mark.parametrize(
    ("claims", "username"),
    [
        ({"preferred_username": "Ann B. / <C>"}, "ann-b-c"),
        ({"preferred_username": "ann.b@corporation.test"}, "ann-b"),
        ({"preferred_username": None}, "ann"),
        ({"preferred_username": ["ann"]}, "ann"),
        ({"preferred_username": "Анна"}, "anna"),
        ({"preferred_username": "x" * 500}, "x" * 40),
    ],
)
async def test_a_username_is_made_legal(
    claims: dict[str, Any], username: str, browser: Browser, provider: Provider
) -> None:
    provider.claims = claims
    await browser.goes_to(provider.answer(await browser.goes_to(START)))
    me = await browser.me()
    assert isinstance(me, dict)
    assert me["username"] == username


@pytest.mark.parametrize("how", ["disabled", "deactivated"])
@pytest.mark.parametrize("known", [True, False])
async def test_a_closed_account_stays_closed(
    how: str, known: bool, browser: Browser, provider: Provider, database: Database
) -> None:
    await person(database, "ann")
    if known:
        await browser.goes_to(provider.answer(await browser.goes_to(START)))
        browser.cookies.clear()
    async with database.write() as tx:
        if how == "disabled":
            await tx.execute(update(Account).values(disabled_at=datetime.now(UTC)))
        else:
            await tx.execute(update(User).values(deactivated=True))
    sessions = await count(database, Session)
    end = await browser.goes_to(provider.answer(await browser.goes_to(START)))
    assert end == "/welcome?error=ACCOUNT_DISABLED"
    assert await browser.me() == "UNAUTHENTICATED"
    assert await count(database, Session) == sessions
    assert await count(database, Identity) == known


@pytest.mark.parametrize("confirmed", [True, False])
async def test_a_verified_address_does_not_get_by_a_second_factor(
    confirmed: bool, browser: Browser, provider: Provider, database: Database
) -> None:
    user_id = await person(database, "ann")
    async with database.write() as tx:
        moment = datetime.now(UTC) if confirmed else None
        await tx.execute(insert(Totp).values(user_id=user_id, seed="any", confirmed_at=moment))
    end = await browser.goes_to(provider.answer(await browser.goes_to(START)))
    if not confirmed:
        assert end == "/welcome"
        return
    assert end == "/welcome?error=SECOND_FACTOR_REQUIRED"
    assert await browser.me() == "UNAUTHENTICATED"
    assert await count(database, Identity) == 0
    # Unless the provider has seen one.
    provider.claims = {"amr": ["mfa"]}
    assert await browser.goes_to(provider.answer(await browser.goes_to(START))) == "/welcome"
    # From then on the identity is a way in.
    browser.cookies.clear()
    provider.claims = {}
    assert await browser.goes_to(provider.answer(await browser.goes_to(START))) == "/welcome"


async def test_whoever_is_signed_in_links_an_identity_of_any_address(
    browser: Browser, provider: Provider, database: Database
) -> None:
    await person(database, "bob")
    await with_cookie(browser, "bob")
    provider.claims = {"email_verified": False}
    back = provider.answer(await browser.goes_to(START, **SAME))
    assert await browser.goes_to(back) == "/welcome"
    me = await browser.me()
    assert isinstance(me, dict)
    assert (me["username"], me["identities"]) == ("bob", [{"provider": "one", "email": None}])
    assert await count(database, Session) == 1
    # From now on it is a way in.
    other = Browser(browser.client)
    await other.goes_to(provider.answer(await other.goes_to(START)))
    assert await other.me() == me


async def test_the_identity_of_another_person_is_not_linked(
    browser: Browser, provider: Provider, database: Database
) -> None:
    ann = Browser(browser.client)
    await ann.goes_to(provider.answer(await ann.goes_to(START)))
    await person(database, "bob")
    await with_cookie(browser, "bob")
    back = provider.answer(await browser.goes_to(START, **SAME))
    assert await browser.goes_to(back) == "/welcome?error=CONFLICT"
    assert await ann.me() == ANN
    me = await browser.me()
    assert isinstance(me, dict)
    assert (me["username"], me["identities"]) == ("bob", [])


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, False),
        ({"Sec_Fetch_Site": "cross-site"}, False),
        ({"Sec_Fetch_Site": "same-site"}, False),
        ({"Sec_Fetch_Site": "cross-site", "Referer": "https://elsewhere.test/"}, False),
        ({"Referer": f"{FRONTEND}.elsewhere.test/"}, False),
        ({"Referer": "https://elsewhere.test/?https://blog.test"}, False),
        ({"Sec_Fetch_Site": "none"}, True),
        ({"Sec_Fetch_Site": "same-site", "Referer": f"{FRONTEND}/account"}, True),
        ({"Referer": "http://masthead.test/"}, True),
    ],
)
async def test_another_site_cannot_have_an_identity_linked(
    headers: dict[str, str], allowed: bool, browser: Browser, provider: Provider, database: Database
) -> None:
    await person(database, "bob")
    await with_cookie(browser, "bob")
    response = await browser.open(START, **headers)
    if allowed:
        assert response.status_code == 303
    else:
        assert (response.status_code, code_of(response.json())) == (403, "CSRF_PREVENTED")
    assert await count(database, Challenge) == allowed


async def test_who_signs_out_or_changes_meanwhile_gets_nothing_linked(
    browser: Browser, provider: Provider, database: Database
) -> None:
    await person(database, "bob")
    await person(database, "carl")
    for name in ("", "carl"):
        await with_cookie(browser, "bob")
        back = provider.answer(await browser.goes_to(START, **SAME))
        del browser.cookies[COOKIE]
        if name:
            await with_cookie(browser, name)
        assert await browser.goes_to(back) == "/welcome?error=INVALID_STATE"
    assert await count(database, Identity) == 0


# --- Giving one up

UNLINK = "mutation($id: ID!) { unlinkIdentity(input: { id: $id }) { success } }"


async def identity_of(database: Database) -> str:
    async with database.read() as connection:
        return str(await connection.scalar(select(Identity.id)))


async def unlink(browser: Browser, identity_id: str) -> dict[str, Any]:
    return await browser.client.graphql(
        UNLINK, {"id": identity_id}, Cookie=browser.sent(), GraphQL_Require_Preflight="1"
    )


@pytest.mark.parametrize("way", ["password", "passkey", "identity"])
async def test_an_identity_is_given_up_when_there_is_another_way_in(
    way: str, browser: Browser, provider: Provider, database: Database
) -> None:
    await browser.goes_to(provider.answer(await browser.goes_to(START)))
    identity_id = await identity_of(database)
    assert code_of(await unlink(browser, identity_id)) == "CONFLICT"
    assert await browser.me() == ANN
    async with database.write() as tx:
        user_id = (await tx.scalars(select(User.id))).one()
        rows: dict[str, Any] = {
            "password": update(Account).values(password_hash="any"),
            "passkey": insert(Passkey).values(
                id="passkey_00000000-0000-0000-0000-000000000000",
                user_id=user_id,
                credential_id="any",
                public_key="any",
                name="any",
            ),
            "identity": insert(Identity).values(
                id="identity_00000000-0000-0000-0000-000000000000",
                user_id=user_id,
                provider="two",
                issuer="https://id.two.test",
                subject="ann",
            ),
        }
        await tx.execute(rows[way])
    assert await unlink(browser, identity_id) == {"data": {"unlinkIdentity": {"success": True}}}
    assert code_of(await unlink(browser, identity_id)) == "NOT_FOUND"


async def test_the_identity_of_another_person_is_not_given_up(
    browser: Browser, provider: Provider, database: Database
) -> None:
    await browser.goes_to(provider.answer(await browser.goes_to(START)))
    identity_id = await identity_of(database)
    await person(database, "bob")
    bob = Browser(browser.client)
    await with_cookie(bob, "bob")
    assert code_of(await unlink(bob, identity_id)) == "NOT_FOUND"
    public = await browser.client.graphql(UNLINK, {"id": identity_id})
    assert code_of(public) == "UNAUTHENTICATED"
    assert await count(database, Identity) == 1


async def test_a_password_still_works_beside_an_identity(
    browser: Browser, provider: Provider, database: Database
) -> None:
    await person(database, "ann")
    await browser.goes_to(provider.answer(await browser.goes_to(START)))
    tokens = await browser.client.sign_in("ann", PASSWORD)
    assert tokens["accessToken"]


@pytest.mark.parametrize(
    ("methods", "strong"), [(["pwd", "mfa"], True), (["pwd"], False), ("mfa", False)]
)
async def test_a_second_factor_at_the_provider_is_one(
    methods: object, strong: bool, browser: Browser, provider: Provider, database: Database
) -> None:
    provider.claims = {"amr": methods}
    await browser.goes_to(provider.answer(await browser.goes_to(START)))
    async with database.read() as connection:
        rows = await connection.execute(select(Session.method, Session.strong))
        assert rows.all() == [("one", strong)]
