"""Whose identity it is: known people, new people, linking, giving up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, text, update

from app.auth.credentials import COOKIE
from db.database import Database
from db.models.account import Account, Identity
from db.models.factor import Challenge, Passkey, Totp
from db.models.session import Session
from db.models.user import User
from tests.accounts.providers.states import count
from tests.browsing import Browser
from tests.provider import ANN, FRONTEND, START, TRUSTED, Provider
from tests.signing import PASSWORD, SIGN_IN, code_of, credentials, person


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


async def ann(database: Database, browser: Browser, provider: Provider, *, linked: bool) -> None:
    """Ann has an account, to which the provider's identity may be linked; nobody is signed in."""
    await person(database, "ann")
    if linked:
        await browser.goes_to(provider.answer(await browser.goes_to(START)))
        browser.cookies.clear()


@pytest.mark.parametrize("how", ["disabled", "deactivated"])
@pytest.mark.parametrize("known", [True, False])
async def test_a_closed_account_stays_closed(
    how: str, known: bool, browser: Browser, provider: Provider, database: Database
) -> None:
    await ann(database, browser, provider, linked=known)
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


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("days", [1, -1])
async def test_an_account_that_is_to_be_deleted_is_kept_in_time(
    days: int, known: bool, browser: Browser, provider: Provider, database: Database
) -> None:
    await ann(database, browser, provider, linked=known)
    async with database.write() as tx:
        due = datetime.now(UTC) + timedelta(days=days)
        await tx.execute(update(Account).values(deletion_due_at=due))
        await tx.execute(update(User).values(deactivated=True))
    end = await browser.goes_to(provider.answer(await browser.goes_to(START)))
    assert end == ("/welcome" if days > 0 else "/welcome?error=ACCOUNT_DISABLED")
    assert await browser.me() == (ANN if days > 0 else "UNAUTHENTICATED")


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
    # Nor when a provider says that it has seen one, unless it is trusted with that.
    provider.claims = {"amr": ["mfa"]}
    end = await browser.goes_to(provider.answer(await browser.goes_to(START)))
    assert end == "/welcome?error=SECOND_FACTOR_REQUIRED"
    assert await count(database, Identity) == 0
    assert await browser.goes_to(provider.answer(await browser.goes_to(TRUSTED))) == "/welcome"
    # From then on the identity is a way in, beside the second factor.
    browser.cookies.clear()
    provider.claims = {}
    end = await browser.goes_to(provider.answer(await browser.goes_to(START)))
    assert end.startswith("/welcome#second_factor=")


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


async def left_alone(database: Database) -> None:
    """Makes it long ago that anybody has proven who they are."""
    earlier = datetime.now(UTC) - timedelta(minutes=11)
    async with database.write() as tx:
        await tx.execute(update(Session).values(proven_at=earlier))


async def test_who_has_not_proven_lately_who_they_are_changes_no_identity(
    browser: Browser, provider: Provider, database: Database
) -> None:
    await person(database, "ann")
    await browser.goes_to(provider.answer(await browser.goes_to(START)))
    identity_id = await identity_of(database)
    await left_alone(database)
    provider.claims = {"sub": "whoever sits there now"}
    back = provider.answer(await browser.goes_to(START, **SAME))
    assert await browser.goes_to(back) == "/welcome?error=STEP_UP_REQUIRED"
    assert code_of(await unlink(browser, identity_id)) == "STEP_UP_REQUIRED"
    assert await count(database, Identity) == 1


@pytest.mark.parametrize(
    ("factor", "start", "methods", "enough"),
    [
        (False, START, [], True),
        (True, START, [], False),
        (True, START, ["mfa"], False),
        (True, TRUSTED, [], False),
        (True, TRUSTED, ["mfa"], True),
    ],
)
async def test_an_identity_steps_up_where_no_second_factor_is_needed(
    factor: bool,
    start: str,
    methods: list[str],
    enough: bool,
    browser: Browser,
    provider: Provider,
    database: Database,
) -> None:
    user_id = await person(database, "ann")
    await browser.goes_to(provider.answer(await browser.goes_to(START)))
    await left_alone(database)
    if factor:
        async with database.write() as tx:
            values = {"user_id": user_id, "seed": "any", "confirmed_at": datetime.now(UTC)}
            await tx.execute(insert(Totp).values(values))
    assert code_of(await unlink(browser, await identity_of(database))) == "STEP_UP_REQUIRED"
    provider.claims = {"amr": methods}
    address = await browser.goes_to(start, **SAME)
    # It does not do that somebody is signed in there still.
    assert httpx.URL(address).params["prompt"] == "login"
    assert await browser.goes_to(provider.answer(address)) == "/welcome"
    body = await unlink(browser, await identity_of(database))
    assert body.get("data") == ({"unlinkIdentity": {"success": True}} if enough else None)


async def test_people_hear_of_changes_by_mail(
    browser: Browser, provider: Provider, database: Database
) -> None:
    await person(database, "ann")
    await browser.goes_to(provider.answer(await browser.goes_to(START)))
    await unlink(browser, await identity_of(database))
    async with database.read() as connection:
        jobs = await connection.execute(text("select args from procrastinate_jobs order by id"))
        mails = [(args["to"], args["facts"]["what"]) for [args] in jobs]
    assert mails == [
        ("ann@masthead.test", "Signing in with one was made possible."),
        ("ann@masthead.test", "Signing in with one was given up."),
    ]


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
        ({"Sec_Fetch_Site": "none"}, False),
        ({"Sec_Fetch_Site": "same-origin"}, True),
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
    async with database.read() as connection:
        left = select(Identity.id).where(Identity.id == identity_id)
        assert (await connection.scalars(left)).all() == []


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
