"""Passkeys: registered, used alone and as a second factor, renamed, removed; and what thieves try."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.auth.passkeys import PATH
from db.database import Database
from db.models.account import Account
from db.models.factor import Challenge, Passkey
from tests.accounts.proving import (
    TOKENS,
    attempt,
    counted,
    demanded,
    do,
    enable_totp,
    expire,
    factors,
    log,
    mailed,
    register,
    take_on,
)
from tests.authenticators import PRESENT, SoftPasskey
from tests.signing import ORIGIN, Client, authority_on, client_of, code_of, credentials, person

SESSIONS = "{ me { username sessions { method strong current } } }"


@pytest.fixture
async def ann(database: Database, client: Client) -> Client:
    """A client that ann has signed in with."""
    await person(database, "ann")
    await client.sign_in("ann")
    return client


async def request_of(client: Client, name: str = "startPasskeySignIn") -> dict[str, Any]:
    return await do(client, name, "token options")


async def signed_in(client: Client, key: SoftPasskey) -> dict[str, Any]:
    """The response's body to a sign-in with the passkey alone."""
    request = await request_of(client)
    return await answered(client, request, key.get(request["options"]))


async def answered(client: Client, request: dict[str, Any], credential: Any) -> dict[str, Any]:
    given = {"token": request["token"], "credential": credential}
    return await attempt(client, "finishPasskeySignIn", TOKENS, **given)


async def usage(database: Database) -> list[tuple[int, bool]]:
    """How often each passkey has signed, and whether it was used."""
    async with database.read() as connection:
        rows = await connection.execute(
            select(Passkey.sign_count, Passkey.used_at.is_not(None)).order_by(Passkey.id)
        )
    return [(count, used) for count, used in rows]


# --- Registration


async def test_a_passkey_is_registered(database: Database, ann: Client) -> None:
    added = await register(ann, SoftPasskey(), "  My laptop ")
    assert len(set(added["recoveryCodes"])) == 10
    assert await factors(ann) == {
        "totpSince": None,
        "recoveryCodesLeft": 10,
        "passkeys": [{"id": added["id"], "name": "My laptop", "usedAt": None}],
    }
    assert await log(database) == [("passkey.add", "SUCCESS")]
    assert await mailed(database) == ["A passkey was added."]


async def test_recovery_codes_come_with_the_first_second_factor(ann: Client) -> None:
    await enable_totp(ann)
    assert (await register(ann, SoftPasskey()))["recoveryCodes"] == []
    assert (await factors(ann))["recoveryCodesLeft"] == 10


async def test_authenticators_are_told_what_they_have(ann: Client) -> None:
    key = SoftPasskey()
    await register(ann, key)
    options = (await request_of(ann, "startPasskeyRegistration"))["options"]
    answer = key.get(options)
    assert options["excludeCredentials"] == [{"id": answer["id"], "type": "public-key"}]
    assert options["rp"] == {"id": "masthead.test", "name": "Masthead"}
    assert (options["user"]["name"], options["user"]["displayName"]) == ("ann", "Ann")


@pytest.mark.parametrize(
    "lies",
    [{"origin": "https://evil.test"}, {"rp_id": "evil.test"}, {"cross_origin": True}, {"flags": 0}],
)
async def test_a_passkey_of_elsewhere_is_not_registered(
    lies: dict[str, Any], database: Database, ann: Client
) -> None:
    request = await request_of(ann, "startPasskeyRegistration")
    credential = SoftPasskey(**lies).create(request["options"])
    given = {"token": request["token"], "credential": credential, "name": "x"}
    body = await attempt(ann, "finishPasskeyRegistration", "id", **given)
    assert code_of(body) == "BAD_USER_INPUT"
    assert body["errors"][0]["extensions"]["fields"][0]["path"] == ["input", "credential"]
    assert (await counted(database))["passkeys"] == 0
    assert await mailed(database) == []


async def test_a_registration_is_finished_once_and_in_time(database: Database, ann: Client) -> None:
    request = await request_of(ann, "startPasskeyRegistration")
    wrong = {"token": request["token"], "credential": {}, "name": "x"}
    right = {**wrong, "credential": SoftPasskey().create(request["options"])}
    for given in (wrong, right):
        body = await attempt(ann, "finishPasskeyRegistration", "id", **given)
        assert code_of(body) == "BAD_USER_INPUT"
    request = await request_of(ann, "startPasskeyRegistration")
    await expire(database)
    right = {
        "token": request["token"],
        "credential": SoftPasskey().create(request["options"]),
        "name": "x",
    }
    body = await attempt(ann, "finishPasskeyRegistration", "id", **right)
    assert body["errors"][0]["extensions"]["fields"][0]["path"] == ["input", "token"]
    assert (await counted(database))["passkeys"] == 0


async def test_a_registration_is_for_who_began_it(database: Database, ann: Client) -> None:
    request = await request_of(ann, "startPasskeyRegistration")
    await person(database, "bob")
    async with client_of(database) as bob:
        await bob.sign_in("bob")
        credential = SoftPasskey().create(request["options"])
        given = {"token": request["token"], "credential": credential, "name": "x"}
        body = await attempt(bob, "finishPasskeyRegistration", "id", **given)
        assert code_of(body) == "BAD_USER_INPUT"
    assert (await counted(database))["passkeys"] == 0


async def test_a_passkey_is_registered_for_one_person(database: Database, ann: Client) -> None:
    key = SoftPasskey()
    await register(ann, key)
    await person(database, "bob")
    async with client_of(database) as bob:
        await bob.sign_in("bob")
        request = await request_of(bob, "startPasskeyRegistration")
        credential = key.create(request["options"])
        given = {"token": request["token"], "credential": credential, "name": "x"}
        assert code_of(await attempt(bob, "finishPasskeyRegistration", "id", **given)) == "CONFLICT"
        assert (await factors(bob))["passkeys"] == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
async def test_a_passkey_has_a_name(name: str, database: Database, ann: Client) -> None:
    request = await request_of(ann, "startPasskeyRegistration")
    credential = SoftPasskey().create(request["options"])
    given = {"token": request["token"], "credential": credential}
    body = await attempt(ann, "finishPasskeyRegistration", "id", **given, name=name)
    assert body["errors"][0]["extensions"]["fields"][0]["path"] == ["input", "name"]
    await do(ann, "finishPasskeyRegistration", "id", **given, name="x" * 100)
    passkey_id = (await factors(ann))["passkeys"][0]["id"]
    body = await attempt(ann, "renamePasskey", id=passkey_id, name=name)
    assert code_of(body) == "BAD_USER_INPUT"
    assert (await factors(ann))["passkeys"][0]["name"] == "x" * 100


async def test_there_are_twenty_passkeys_at_most(database: Database, ann: Client) -> None:
    for _ in range(20):
        await register(ann, SoftPasskey())
    assert code_of(await attempt(ann, "startPasskeyRegistration", "token")) == "CONFLICT"


# --- Names, removal


async def test_a_passkey_is_renamed(database: Database, ann: Client) -> None:
    added = await register(ann, SoftPasskey())
    assert await do(ann, "renamePasskey", id=added["id"], name=" Phone ") == {"success": True}
    assert (await factors(ann))["passkeys"][0]["name"] == "Phone"
    assert (await log(database))[-1] == ("passkey.rename", "SUCCESS")


async def test_a_removed_passkey_signs_nobody_in(database: Database, ann: Client) -> None:
    key = SoftPasskey()
    added = await register(ann, key)
    assert await do(ann, "removePasskey", id=added["id"]) == {"success": True}
    assert await factors(ann) == {"totpSince": None, "recoveryCodesLeft": 0, "passkeys": []}
    assert code_of(await signed_in(ann, key)) == "UNAUTHENTICATED"
    assert (await mailed(database))[-1] == "A passkey was removed."
    assert ("passkey.remove", "SUCCESS") in await log(database)
    assert code_of(await attempt(ann, "removePasskey", id=added["id"])) == "NOT_FOUND"


async def test_recovery_codes_stay_while_there_is_a_second_factor(ann: Client) -> None:
    first = await register(ann, SoftPasskey())
    second = await register(ann, SoftPasskey())
    await do(ann, "removePasskey", id=first["id"])
    found = await factors(ann)
    assert found["recoveryCodesLeft"] == 10
    assert [each["id"] for each in found["passkeys"]] == [second["id"]]


async def test_nobody_touches_the_passkeys_of_another(database: Database, ann: Client) -> None:
    added = await register(ann, SoftPasskey())
    before = await factors(ann)
    await person(database, "bob")
    async with client_of(database) as bob:
        await bob.sign_in("bob")
        body = await attempt(bob, "renamePasskey", id=added["id"], name="mine")
        assert code_of(body) == "NOT_FOUND"
        assert code_of(await attempt(bob, "removePasskey", id=added["id"])) == "NOT_FOUND"
        assert (await factors(bob))["passkeys"] == []
    assert await factors(ann) == before
    assert ("passkey.remove", "SUCCESS") not in await log(database)


# --- Signing in with a passkey alone


async def test_a_passkey_signs_in_without_a_name(
    database: Database, ann: Client, client: Client
) -> None:
    key = SoftPasskey()
    await register(ann, key)
    async with client_of(database) as other:
        request = await request_of(other)
        assert request["options"]["allowCredentials"] == []
        assert request["options"]["userVerification"] == "required"
        assert request["options"]["rpId"] == "masthead.test"
        body = await answered(other, request, key.get(request["options"]))
        take_on(other, body["data"]["finishPasskeySignIn"])
        me = (await other.graphql(SESSIONS))["data"]["me"]
    assert me["username"] == "ann"
    assert me["sessions"][0] == {"method": "passkey", "strong": True, "current": True}
    assert await usage(database) == [(2, True)]


async def test_a_passkey_starts_a_cookie(ann: Client) -> None:
    key = SoftPasskey()
    await register(ann, key)
    request = await request_of(ann)
    response = await ann.operation(
        "mutation($i: FinishPasskeySignInInput!) { finishPasskeySignIn(input: $i)"
        " { tokens { accessToken } } }",
        {
            "i": {
                "token": request["token"],
                "credential": key.get(request["options"]),
                "transport": "COOKIE",
            }
        },
    )
    assert response.json() == {"data": {"finishPasskeySignIn": {"tokens": None}}}
    assert response.headers["Set-Cookie"].startswith("__Host-masthead=")


async def test_a_passkey_of_an_allowed_origin_signs_in(database: Database, ann: Client) -> None:
    key = SoftPasskey()
    await register(ann, key)
    key.origin = "https://app.example"
    assert code_of(await signed_in(ann, key)) == "UNAUTHENTICATED"
    authority = authority_on(database, passkey_origins=("https://app.example",))
    async with client_of(database, authority) as other:
        assert (await signed_in(other, key))["data"] is not None
        response = await other.get(PATH)
    assert response.json() == {"origins": [ORIGIN, "https://app.example"]}
    assert response.headers["Content-Type"] == "application/json"


LIES: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://evil.test"},
    "another RP id": {"rp_id": "evil.test"},
    "a frame of another site": {"cross_origin": True},
    "a person who is not verified": {"flags": PRESENT},
    "no handle": {"user_handle": None},
    "another's handle": {"user_handle": "user_somebody"},
    "an unknown credential": {"credential_id": b"unknown"},
    "a count that is as before": {"count": 0},
}


@pytest.mark.parametrize("lie", LIES)
async def test_nobody_signs_in_with(lie: str, database: Database, ann: Client) -> None:
    key = SoftPasskey()
    await register(ann, key)
    before = await counted(database)
    for name, value in LIES[lie].items():
        setattr(key, name, value)
    body = await signed_in(ann, key)
    assert (code_of(body), body["data"]) == ("UNAUTHENTICATED", None)
    assert await counted(database) == before
    assert await usage(database) == [(1, False)]
    assert (await log(database))[-1] == ("passkey.verify", "FAILURE")


async def test_a_clone_stands_in_the_log(database: Database, ann: Client) -> None:
    key = SoftPasskey()
    await register(ann, key)
    await signed_in(ann, key)
    key.count = 0
    assert code_of(await signed_in(ann, key)) == "UNAUTHENTICATED"
    assert (await log(database))[-2:] == [
        ("passkey.clone", "FAILURE"),
        ("passkey.verify", "FAILURE"),
    ]


async def test_another_ceremony_is_no_sign_in(database: Database, ann: Client) -> None:
    key = SoftPasskey()
    await register(ann, key)
    request, other = await request_of(ann), await request_of(ann)
    for credential in (
        key.get(request["options"], "webauthn.create"),
        key.get(other["options"]),
        {**key.get(request["options"]), "type": "password"},
    ):
        assert code_of(await answered(ann, request, credential)) == "UNAUTHENTICATED"
    assert await usage(database) == [(1, False)]


async def test_an_answer_counts_once(database: Database, ann: Client) -> None:
    key = SoftPasskey(counts=False)
    await register(ann, key)
    request = await request_of(ann)
    credential = key.get(request["options"])
    before = await counted(database)
    bodies = await asyncio.gather(*(answered(ann, request, credential) for _ in range(4)))
    assert [code_of(body) for body in bodies if "errors" in body] == ["UNAUTHENTICATED"] * 3
    assert (await counted(database))["sessions"] == before["sessions"] + 1


async def test_a_wrong_answer_uses_the_request_up(database: Database, ann: Client) -> None:
    key = SoftPasskey()
    await register(ann, key)
    request = await request_of(ann)
    assert code_of(await answered(ann, request, {})) == "UNAUTHENTICATED"
    credential = key.get(request["options"])
    assert code_of(await answered(ann, request, credential)) == "UNAUTHENTICATED"
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(Challenge)) == 0


async def test_an_answer_must_come_in_time(database: Database, ann: Client) -> None:
    key = SoftPasskey()
    await register(ann, key)
    request = await request_of(ann)
    await expire(database)
    credential = key.get(request["options"])
    assert code_of(await answered(ann, request, credential)) == "UNAUTHENTICATED"
    assert await usage(database) == [(1, False)]


async def test_who_may_not_act_signs_in_with_no_passkey(database: Database, ann: Client) -> None:
    key = SoftPasskey()
    await register(ann, key)
    async with database.write() as tx:
        await tx.execute(update(Account).values(disabled_at=func.now()))
    ann.headers.pop("Authorization")
    assert code_of(await signed_in(ann, key)) == "UNAUTHENTICATED"


# --- After the password


async def test_a_passkey_is_a_second_factor(database: Database, ann: Client) -> None:
    key = SoftPasskey(flags=PRESENT)
    await register(ann, key)
    demand = await demanded(ann, "ann")
    assert demand["methods"] == ["PASSKEY", "RECOVERY_CODE"]
    options = demand["passkeyOptions"]
    credential = key.get(options)
    assert options["allowCredentials"] == [{"id": credential["id"], "type": "public-key"}]
    assert options["userVerification"] == "preferred"
    given = {"token": demand["token"], "passkey": credential}
    take_on(ann, await do(ann, "completeSignIn", TOKENS, **given))
    me = (await ann.graphql(SESSIONS))["data"]["me"]
    assert me["sessions"][0] == {"method": "password", "strong": True, "current": True}
    assert await usage(database) == [(2, True)]


async def test_a_second_factor_need_not_name_its_person_but_not_another(ann: Client) -> None:
    key = SoftPasskey()
    await register(ann, key)
    for handle, code in ((None, None), ("user_somebody", "UNAUTHENTICATED")):
        key.user_handle = handle
        demand = await demanded(ann, "ann")
        given = {"token": demand["token"], "passkey": key.get(demand["passkeyOptions"])}
        body = await attempt(ann, "completeSignIn", TOKENS, **given)
        assert (code_of(body) if "errors" in body else None) == code


async def test_the_passkey_of_another_is_no_second_factor(database: Database, ann: Client) -> None:
    key, bobs = SoftPasskey(), SoftPasskey()
    await register(ann, key)
    await person(database, "bob")
    async with client_of(database) as bob:
        await bob.sign_in("bob")
        await register(bob, bobs)
    demand = await demanded(ann, "ann")
    before = await counted(database)
    given = {"token": demand["token"], "passkey": bobs.get(demand["passkeyOptions"])}
    assert code_of(await attempt(ann, "completeSignIn", TOKENS, **given)) == "UNAUTHENTICATED"
    assert await counted(database) == before
    assert await usage(database) == [(1, False), (1, False)]


async def test_an_answer_to_another_request_is_no_second_factor(ann: Client) -> None:
    key = SoftPasskey()
    await register(ann, key)
    request, demand = await request_of(ann), await demanded(ann, "ann")
    given = {"token": demand["token"], "passkey": key.get(request["options"])}
    assert code_of(await attempt(ann, "completeSignIn", TOKENS, **given)) == "UNAUTHENTICATED"


async def test_a_passkey_that_was_not_asked_for_is_no_second_factor(ann: Client) -> None:
    await enable_totp(ann)
    demand = await demanded(ann, "ann")
    assert demand["passkeyOptions"] is None
    key = SoftPasskey()
    await register(ann, key)
    given = {"token": demand["token"], "passkey": key.get({"challenge": ""})}
    assert code_of(await attempt(ann, "completeSignIn", TOKENS, **given)) == "UNAUTHENTICATED"


async def test_the_wrong_password_is_asked_for_no_passkey(database: Database, ann: Client) -> None:
    await register(ann, SoftPasskey())
    before = await counted(database)
    body = await attempt(
        ann, "signIn", "secondFactor { token }", **credentials("ann", "wrong password")
    )
    assert (code_of(body), body["data"]) == ("UNAUTHENTICATED", None)
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(Challenge)) == 0
    assert await counted(database) == before
