"""Step-up: what is dangerous wants a fresh proof of who the viewer is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update

from db.authority import Authority
from db.database import Database
from db.errors import Forbidden
from db.models.session import Session
from db.viewer import Client as Sender
from db.viewer import Viewer
from db.writes.accounts.factors import Answer, step_up
from resolvers.permissions import HasProvenRecently
from tests.accounts.proving import (
    TOKENS,
    age,
    attempt,
    counted,
    demanded,
    do,
    enable_totp,
    factors,
    log,
    register,
    rewind,
    take_on,
)
from tests.authenticators import PRESENT, SoftPasskey, code_at
from tests.signing import PASSWORD, Client, authority_on, client_of, code_of, person

DANGEROUS: dict[str, dict[str, Any]] = {
    "setUpTotp": {},
    "confirmTotp": {"code": "123456"},
    "disableTotp": {},
    "regenerateRecoveryCodes": {},
    "startPasskeyRegistration": {},
    "finishPasskeyRegistration": {"token": "x", "credential": {}, "name": "x"},
    "removePasskey": {"id": "passkey_x"},
}
SELECTIONS = {
    "setUpTotp": "secret",
    "confirmTotp": "recoveryCodes",
    "regenerateRecoveryCodes": "recoveryCodes",
    "startPasskeyRegistration": "token",
    "finishPasskeyRegistration": "id",
}


@pytest.fixture
async def ann(database: Database, client: Client) -> Client:
    """A client that ann has signed in with."""
    await person(database, "ann")
    await client.sign_in("ann")
    return client


@asynccontextmanager
async def later(database: Database, client: Client) -> AsyncIterator[Client]:
    """The same session eleven minutes later."""
    await age(database)
    async with client_of(database) as other:
        other.headers["Authorization"] = client.headers["Authorization"]
        yield other


async def dared(client: Client, name: str, /, **given: Any) -> dict[str, Any]:
    return await attempt(client, name, SELECTIONS.get(name, "success"), **given)


async def is_strong(database: Database) -> list[bool]:
    async with database.read() as connection:
        return list(await connection.scalars(select(Session.strong).order_by(Session.id)))


@pytest.mark.parametrize("name", DANGEROUS)
async def test_the_public_is_to_sign_in(name: str, client: Client) -> None:
    assert code_of(await dared(client, name, **DANGEROUS[name])) == "UNAUTHENTICATED"
    assert code_of(await attempt(client, "stepUp", password=PASSWORD)) == "UNAUTHENTICATED"
    assert code_of(await attempt(client, "startPasskeyStepUp", "token")) == "UNAUTHENTICATED"


@pytest.mark.parametrize("name", DANGEROUS)
async def test_an_old_proof_is_not_enough(name: str, database: Database, ann: Client) -> None:
    async with later(database, ann) as client:
        body = await dared(client, name, **DANGEROUS[name])
        assert (code_of(body), body["data"]) == ("STEP_UP_REQUIRED", None)
        found = await factors(client)
        assert found == {"totpSince": None, "recoveryCodesLeft": 0, "passkeys": []}
        await do(client, "stepUp", password=PASSWORD)
        body = await dared(client, name, **DANGEROUS[name])
        assert "errors" not in body or code_of(body) in {"NOT_FOUND", "BAD_USER_INPUT"}


async def test_what_is_denied_changes_nothing(database: Database, ann: Client) -> None:
    await enable_totp(ann)
    added = await register(ann, SoftPasskey())
    before, rows = await factors(ann), await counted(database)
    async with later(database, ann) as client:
        for name, given in {**DANGEROUS, "removePasskey": {"id": added["id"]}}.items():
            assert code_of(await dared(client, name, **given)) == "STEP_UP_REQUIRED"
        assert await factors(client) == before
        assert await counted(database) == rows


async def test_the_password_proves_who_has_nothing_else(database: Database, ann: Client) -> None:
    async with later(database, ann) as client:
        assert code_of(await attempt(client, "setUpTotp", "secret")) == "STEP_UP_REQUIRED"
        body = await attempt(client, "stepUp", password="wrong password")
        assert code_of(body) == "BAD_USER_INPUT"
        assert body["errors"][0]["extensions"]["fields"][0]["path"] == ["input", "password"]
        assert code_of(await attempt(client, "setUpTotp", "secret")) == "STEP_UP_REQUIRED"
        assert await do(client, "stepUp", password=PASSWORD) == {"success": True}
        await do(client, "setUpTotp", "secret")
    assert ("session.step_up", "SUCCESS") in await log(database)
    assert await is_strong(database) == [False]


async def test_with_a_second_factor_the_password_is_not_enough(
    database: Database, ann: Client
) -> None:
    secret, _ = await enable_totp(ann)
    async with later(database, ann) as client:
        body = await attempt(client, "stepUp", password=PASSWORD)
        assert code_of(body) == "BAD_USER_INPUT"
        assert body["errors"][0]["message"].startswith("Use your second factor")
        assert code_of(await attempt(client, "disableTotp")) == "STEP_UP_REQUIRED"
        await do(client, "stepUp", totpCode=code_at(secret, 1))
        await do(client, "disableTotp")


async def test_a_recovery_code_proves_once(database: Database, ann: Client) -> None:
    _, codes = await enable_totp(ann)
    async with later(database, ann) as client:
        await do(client, "stepUp", recoveryCode=codes[0])
        assert (await factors(client))["recoveryCodesLeft"] == 9
        body = await attempt(client, "stepUp", recoveryCode=codes[0])
        assert code_of(body) == "BAD_USER_INPUT"
        assert len((await do(client, "regenerateRecoveryCodes", "recoveryCodes"))["recoveryCodes"])


async def test_a_code_of_the_app_proves_once(database: Database, ann: Client) -> None:
    secret, _ = await enable_totp(ann)
    async with later(database, ann) as client:
        code = code_at(secret, 1)
        await do(client, "stepUp", totpCode=code)
        body = await attempt(client, "stepUp", totpCode=code)
        assert body["errors"][0]["extensions"]["fields"][0]["path"] == ["input", "totpCode"]


async def test_a_passkey_proves(database: Database, ann: Client) -> None:
    key = SoftPasskey(flags=PRESENT)
    await register(ann, key)
    async with later(database, ann) as client:
        request = await do(client, "startPasskeyStepUp", "token options")
        credential = key.get(request["options"])
        assert request["options"]["allowCredentials"] == [
            {"id": credential["id"], "type": "public-key"}
        ]
        answer = {"token": request["token"], "credential": credential}
        await do(client, "stepUp", passkey=answer)
        assert code_of(await attempt(client, "stepUp", passkey=answer)) == "BAD_USER_INPUT"
        await do(client, "regenerateRecoveryCodes", "recoveryCodes")


async def test_without_passkeys_there_is_none_to_ask_for(ann: Client) -> None:
    assert code_of(await attempt(ann, "startPasskeyStepUp", "token")) == "NOT_FOUND"


async def test_requests_to_sign_in_and_to_step_up_are_not_mixed_up(
    database: Database, ann: Client
) -> None:
    key = SoftPasskey()
    await register(ann, key)
    await person(database, "bob")
    async with client_of(database) as bob:
        await bob.sign_in("bob")
        await register(bob, SoftPasskey())
        of_bob = await do(bob, "startPasskeyStepUp", "token options")
    async with later(database, ann) as client:
        to_sign_in = await do(client, "startPasskeySignIn", "token options")
        for request in (of_bob, to_sign_in):
            answer = {"token": request["token"], "credential": key.get(request["options"])}
            assert code_of(await attempt(client, "stepUp", passkey=answer)) == "BAD_USER_INPUT"
        to_step_up = await do(client, "startPasskeyStepUp", "token options")
        credential = key.get(to_step_up["options"])
        given = {"token": to_step_up["token"], "credential": credential}
        body = await attempt(client, "finishPasskeySignIn", TOKENS, **given)
        assert code_of(body) == "UNAUTHENTICATED"
        body = await attempt(client, "disableTotp")
        assert code_of(body) == "STEP_UP_REQUIRED"


async def test_wrong_proofs_lock_the_second_factor(database: Database, ann: Client) -> None:
    _, codes = await enable_totp(ann)
    async with later(database, ann) as client:
        for _ in range(6):
            body = await attempt(client, "stepUp", recoveryCode="wrong")
            assert code_of(body) == "BAD_USER_INPUT"
        body = await attempt(client, "stepUp", recoveryCode=codes[0])
        assert code_of(body) == "RATE_LIMITED"
        assert (await factors(client))["recoveryCodesLeft"] == 10
        assert code_of(await attempt(client, "disableTotp")) == "STEP_UP_REQUIRED"
    demand = await demanded(ann, "ann")
    given = {"token": demand["token"], "recoveryCode": codes[0]}
    assert code_of(await attempt(ann, "completeSignIn", TOKENS, **given)) == "RATE_LIMITED"


async def test_a_session_that_knows_no_second_factor_is_not_enough(
    database: Database, ann: Client
) -> None:
    async with client_of(database) as other:
        await other.sign_in("ann")
        secret, _ = await enable_totp(ann)
        assert code_of(await attempt(other, "disableTotp")) == "STEP_UP_REQUIRED"
        assert await is_strong(database) == [True, False]
        await do(other, "stepUp", totpCode=code_at(secret, 1))
        await do(other, "disableTotp")


async def test_another_session_is_not_stepped_up(database: Database, ann: Client) -> None:
    async with client_of(database) as other:
        await other.sign_in("ann")
        await age(database)
        await do(ann, "stepUp", password=PASSWORD)
        assert code_of(await attempt(other, "setUpTotp", "secret")) == "STEP_UP_REQUIRED"
        await do(ann, "setUpTotp", "secret")


async def test_a_sign_in_with_a_second_factor_is_proof_enough(
    database: Database, ann: Client
) -> None:
    secret, _ = await enable_totp(ann)
    demand = await demanded(ann, "ann")
    given = {"token": demand["token"], "totpCode": code_at(secret, 1)}
    take_on(ann, await do(ann, "completeSignIn", TOKENS, **given))
    await rewind(database)
    await do(ann, "disableTotp")


@pytest.mark.parametrize("given", [{"password": PASSWORD, "totpCode": "1"}, {"password": None}])
async def test_one_proof_at_a_time(given: dict[str, Any], ann: Client) -> None:
    body = await attempt(ann, "stepUp", **given)
    assert body["errors"][0]["message"] == (
        "Give one of password, totpCode, recoveryCode, passkey."
    )
    assert code_of(body) == "BAD_USER_INPUT"


async def test_a_key_proves_nothing(database: Database, ann: Client) -> None:
    authority: Authority = authority_on(database)
    async with database.write() as tx:
        user_id = str(await tx.scalar(select(Session.user_id)))
        await tx.execute(update(Session).values(proven_at=datetime(2026, 1, 1, tzinfo=UTC)))
    key = Viewer(user_id, key_id="key_1")
    with pytest.raises(Forbidden):
        await step_up(
            database, authority, Sender("1"), key, Answer("PASSWORD", PASSWORD), ("input",)
        )
    async with database.read() as connection:
        assert await connection.scalar(select(Session.proven_at)) == datetime(
            2026, 1, 1, tzinfo=UTC
        )


SIGNED_IN: dict[str, Any] = {"session_id": "s"}


@pytest.mark.parametrize(
    ("values", "minutes", "may"),
    [
        (SIGNED_IN, 0, True),
        (SIGNED_IN, 5, True),
        (SIGNED_IN, 10, False),
        ({**SIGNED_IN, "has_second_factor": True}, 0, False),
        ({**SIGNED_IN, "has_second_factor": True, "strong": True}, 0, True),
        ({**SIGNED_IN, "has_second_factor": True, "strong": True}, 10, False),
        ({"key_id": "k", "strong": True}, 0, False),
    ],
)
def test_a_proof_lasts_ten_minutes(values: dict[str, Any], minutes: int, may: bool) -> None:
    proven_at = datetime.now(UTC) - timedelta(minutes=minutes)
    assert permits(Viewer("user", proven_at=proven_at, **values)) is may


def test_who_has_proven_nothing_may_not() -> None:
    assert not permits(None)
    assert not permits(Viewer("user", session_id="s"))


def permits(viewer: Viewer | None) -> bool:
    info: Any = SimpleNamespace(context=SimpleNamespace(viewer=viewer))
    return HasProvenRecently().has_permission(None, info)
