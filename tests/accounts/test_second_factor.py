"""Second factors: authenticator apps and recovery codes, from both sides."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, update

from db.database import Database
from db.models.account import Account, Lockout
from db.models.factor import Challenge, RecoveryCode, Totp
from tests.accounts.proving import (
    DEMAND,
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
    rewind,
    take_on,
)
from tests.authenticators import SoftPasskey, code_at
from tests.signing import PASSWORD, Client, client_of, code_of, credentials, person

SESSIONS = "{ me { sessions { method strong current } } }"
WRONG = "000000"


@pytest.fixture
async def ann(database: Database, client: Client) -> Client:
    """A client that ann has signed in with."""
    await person(database, "ann")
    await client.sign_in("ann")
    return client


def wrong_for(secret: str) -> str:
    """Six digits that are no code of now, nor of any time soon."""
    near = {code_at(secret, step) for step in range(-3, 4)}
    return next(
        code
        for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
        if code not in near
    )


async def last_step(database: Database) -> int:
    """The step of the last code that was used."""
    async with database.read() as connection:
        return int(await connection.scalar(select(Totp.last_step)) or 0)


# --- Turning it on and off


async def test_an_app_is_on_once_a_code_of_it_was_given(database: Database, ann: Client) -> None:
    seed = await do(ann, "setUpTotp", "secret uri")
    assert seed["uri"] == (
        f"otpauth://totp/masthead.test:ann?secret={seed['secret']}&issuer=masthead.test"
    )
    assert await factors(ann) == {"totpSince": None, "recoveryCodesLeft": 0, "passkeys": []}
    done = await do(ann, "signIn", DEMAND, **credentials("ann"))
    assert done["secondFactor"] is None
    done = await do(ann, "confirmTotp", "recoveryCodes", code=code_at(seed["secret"]))
    assert len(set(done["recoveryCodes"])) == 10
    found = await factors(ann)
    assert found["totpSince"].startswith(f"{datetime.now(UTC):%Y-}")
    assert found["recoveryCodesLeft"] == 10
    assert await log(database) == [("totp.set_up", "SUCCESS"), ("totp.enable", "SUCCESS")]
    assert await mailed(database) == ["An authenticator app was added as a second factor."]


async def test_a_wrong_code_turns_nothing_on(database: Database, ann: Client) -> None:
    secret = (await do(ann, "setUpTotp", "secret"))["secret"]
    body = await attempt(ann, "confirmTotp", "recoveryCodes", code=wrong_for(secret))
    assert code_of(body) == "BAD_USER_INPUT"
    assert body["errors"][0]["extensions"]["fields"][0]["path"] == ["input", "code"]
    assert await factors(ann) == {"totpSince": None, "recoveryCodesLeft": 0, "passkeys": []}
    assert await mailed(database) == []


async def test_there_must_be_an_app_to_confirm(ann: Client) -> None:
    assert code_of(await attempt(ann, "confirmTotp", "recoveryCodes", code=WRONG)) == "NOT_FOUND"
    secret, _ = await enable_totp(ann)
    body = await attempt(ann, "confirmTotp", "recoveryCodes", code=code_at(secret, 1))
    assert code_of(body) == "NOT_FOUND"


async def test_an_app_that_waits_is_replaced_and_one_in_use_is_not(
    database: Database, ann: Client
) -> None:
    first = (await do(ann, "setUpTotp", "secret"))["secret"]
    secret, _ = await enable_totp(ann)
    assert first != secret
    assert code_of(await attempt(ann, "setUpTotp", "secret")) == "CONFLICT"
    demand = await demanded(ann, "ann")
    done = await do(
        ann, "completeSignIn", TOKENS, token=demand["token"], totpCode=code_at(secret, 1)
    )
    assert done["tokens"] is not None


async def test_two_confirmations_at_once_give_codes_once(database: Database, ann: Client) -> None:
    secret = (await do(ann, "setUpTotp", "secret"))["secret"]
    code = code_at(secret)
    bodies = await asyncio.gather(
        *(attempt(ann, "confirmTotp", "recoveryCodes", code=code) for _ in range(5))
    )
    assert sorted(code_of(body) for body in bodies if "errors" in body) == ["NOT_FOUND"] * 4
    assert (await counted(database))["recovery_codes"] == 10


async def test_without_a_second_factor_recovery_codes_are_gone(
    database: Database, ann: Client
) -> None:
    await enable_totp(ann)
    assert await do(ann, "disableTotp") == {"success": True}
    assert await factors(ann) == {"totpSince": None, "recoveryCodesLeft": 0, "passkeys": []}
    assert (await counted(database))["totps"] == 0
    done = await do(ann, "signIn", DEMAND, **credentials("ann"))
    assert (done["secondFactor"], done["tokens"] is None) == (None, False)
    assert code_of(await attempt(ann, "disableTotp")) == "NOT_FOUND"
    assert (await log(database))[-1] == ("totp.disable", "SUCCESS")
    assert (await mailed(database))[-1] == ("The authenticator app was removed as a second factor.")


async def test_an_app_that_waits_cannot_be_turned_off(ann: Client) -> None:
    secret = (await do(ann, "setUpTotp", "secret"))["secret"]
    assert code_of(await attempt(ann, "disableTotp")) == "NOT_FOUND"
    await do(ann, "confirmTotp", "recoveryCodes", code=code_at(secret))


# --- Signing in


async def test_the_password_alone_signs_nobody_in(database: Database, ann: Client) -> None:
    await enable_totp(ann)
    before = await counted(database)
    response = await ann.operation(
        f"mutation($input: SignInInput!) {{ signIn(input: $input) {{ {DEMAND} }} }}",
        {"input": credentials("ann", transport="COOKIE")},
    )
    assert "Set-Cookie" not in response.headers
    demand = response.json()["data"]["signIn"]["secondFactor"]
    assert demand["methods"] == ["TOTP", "RECOVERY_CODE"]
    assert demand["passkeyOptions"] is None
    assert await counted(database) == before
    async with database.read() as connection:
        assert demand["token"] not in str((await connection.execute(select(Challenge))).all())


async def test_a_code_completes_the_sign_in(database: Database, ann: Client) -> None:
    secret, _ = await enable_totp(ann)
    demand = await demanded(ann, "ann")
    code = f" {code_at(secret, 1)[:3]} {code_at(secret, 1)[3:]} "
    take_on(ann, await do(ann, "completeSignIn", TOKENS, token=demand["token"], totpCode=code))
    sessions = (await ann.graphql(SESSIONS))["data"]["me"]["sessions"]
    assert sessions[0] == {"method": "password", "strong": True, "current": True}
    assert (await log(database))[-1] == ("second_factor.verify", "SUCCESS")


async def test_a_cookie_comes_with_the_second_factor(database: Database, ann: Client) -> None:
    secret, _ = await enable_totp(ann)
    demand = await demanded(ann, "ann")
    response = await ann.operation(
        "mutation($i: CompleteSignInInput!) { completeSignIn(input: $i) { tokens { accessToken } } }",
        {"i": {"token": demand["token"], "totpCode": code_at(secret, 1), "transport": "COOKIE"}},
    )
    assert response.json() == {"data": {"completeSignIn": {"tokens": None}}}
    assert response.headers["Set-Cookie"].startswith("__Host-masthead=")


async def test_no_code_counts_twice(database: Database, ann: Client) -> None:
    secret, _ = await enable_totp(ann)
    later, now = code_at(secret, 1), code_at(secret)
    first = await demanded(ann, "ann")
    await do(ann, "completeSignIn", TOKENS, token=first["token"], totpCode=later)
    before = await counted(database)
    for code in (later, now):
        demand = await demanded(ann, "ann")
        body = await attempt(ann, "completeSignIn", TOKENS, token=demand["token"], totpCode=code)
        assert code_of(body) == "UNAUTHENTICATED"
    assert await counted(database) == before
    assert (await log(database))[-1] == ("second_factor.verify", "FAILURE")


async def test_the_code_that_confirmed_the_app_is_used_up(ann: Client) -> None:
    secret = (await do(ann, "setUpTotp", "secret"))["secret"]
    code = code_at(secret)
    await do(ann, "confirmTotp", "recoveryCodes", code=code)
    demand = await demanded(ann, "ann")
    body = await attempt(ann, "completeSignIn", TOKENS, token=demand["token"], totpCode=code)
    assert code_of(body) == "UNAUTHENTICATED"


async def test_one_code_at_two_places_at_once_signs_in_once(
    database: Database, ann: Client
) -> None:
    secret, _ = await enable_totp(ann)
    code = code_at(secret, 1)
    demands = [await demanded(ann, "ann") for _ in range(4)]
    before = await counted(database)
    bodies = await asyncio.gather(
        *(
            attempt(ann, "completeSignIn", TOKENS, token=demand["token"], totpCode=code)
            for demand in demands
        )
    )
    assert [code_of(body) for body in bodies if "errors" in body] == ["UNAUTHENTICATED"] * 3
    assert (await counted(database))["sessions"] == before["sessions"] + 1


async def test_a_recovery_code_stands_in_once(database: Database, ann: Client) -> None:
    _, codes = await enable_totp(ann)
    demand = await demanded(ann, "ann")
    await do(ann, "completeSignIn", TOKENS, token=demand["token"], recoveryCode=codes[3].upper())
    assert (await factors(ann))["recoveryCodesLeft"] == 9
    assert (await mailed(database))[-1] == "A recovery code was used."
    before = await counted(database)
    demand = await demanded(ann, "ann")
    body = await attempt(
        ann, "completeSignIn", TOKENS, token=demand["token"], recoveryCode=codes[3]
    )
    assert code_of(body) == "UNAUTHENTICATED"
    assert await counted(database) == before


async def test_one_recovery_code_at_several_places_at_once_signs_in_once(
    database: Database, ann: Client
) -> None:
    _, codes = await enable_totp(ann)
    demands = [await demanded(ann, "ann") for _ in range(4)]
    before = await counted(database)
    bodies = await asyncio.gather(
        *(
            attempt(ann, "completeSignIn", TOKENS, token=demand["token"], recoveryCode=codes[0])
            for demand in demands
        )
    )
    assert [code_of(body) for body in bodies if "errors" in body] == ["UNAUTHENTICATED"] * 3
    assert (await counted(database))["sessions"] == before["sessions"] + 1
    assert (await factors(ann))["recoveryCodesLeft"] == 9


async def test_the_last_recovery_code_is_offered_no_more(database: Database, ann: Client) -> None:
    await enable_totp(ann)
    async with database.write() as tx:
        await tx.execute(update(RecoveryCode).values(used_at=func.now()))
    assert (await demanded(ann, "ann"))["methods"] == ["TOTP"]


async def test_codes_of_others_do_not_count(database: Database, ann: Client) -> None:
    _, codes = await enable_totp(ann)
    await person(database, "bob")
    async with client_of(database, address="192.0.2.2") as bob:
        await bob.sign_in("bob")
        secret, _ = await enable_totp(bob)
        await rewind(database)
        for given in ({"recoveryCode": codes[0]}, {"totpCode": wrong_for(secret)}):
            demand = await demanded(bob, "bob")
            body = await attempt(bob, "completeSignIn", TOKENS, token=demand["token"], **given)
            assert code_of(body) == "UNAUTHENTICATED"
    assert (await factors(ann))["recoveryCodesLeft"] == 10


async def test_new_codes_replace_the_old(database: Database, ann: Client) -> None:
    _, old = await enable_totp(ann)
    new = (await do(ann, "regenerateRecoveryCodes", "recoveryCodes"))["recoveryCodes"]
    assert len(set(old) | set(new)) == 20
    assert (await counted(database))["recovery_codes"] == 10
    demand = await demanded(ann, "ann")
    given = {"token": demand["token"], "recoveryCode": old[0]}
    assert code_of(await attempt(ann, "completeSignIn", TOKENS, **given)) == "UNAUTHENTICATED"
    await do(ann, "completeSignIn", TOKENS, token=demand["token"], recoveryCode=new[0])


async def test_without_a_second_factor_there_are_no_recovery_codes(ann: Client) -> None:
    body = await attempt(ann, "regenerateRecoveryCodes", "recoveryCodes")
    assert code_of(body) == "NOT_FOUND"


async def test_the_wrong_password_says_nothing_of_second_factors(ann: Client) -> None:
    plain = await attempt(ann, "signIn", DEMAND, **credentials("nobody", "wrong password"))
    await enable_totp(ann)
    body = await attempt(ann, "signIn", DEMAND, **credentials("ann", "wrong password"))
    assert body == plain


# --- What thieves try


async def test_a_sign_in_takes_five_answers(database: Database, ann: Client) -> None:
    secret, _ = await enable_totp(ann)
    demand = await demanded(ann, "ann")
    async with database.write() as tx:
        await tx.execute(update(Challenge).values(failures=4))
    wrong = {"token": demand["token"], "totpCode": wrong_for(secret)}
    assert code_of(await attempt(ann, "completeSignIn", TOKENS, **wrong)) == "UNAUTHENTICATED"
    right = {"token": demand["token"], "totpCode": code_at(secret, 1)}
    body = await attempt(ann, "completeSignIn", TOKENS, **right)
    assert body["errors"][0]["message"] == "This sign-in is over: start again."
    assert code_of(body) == "UNAUTHENTICATED"


async def test_the_password_buys_no_more_guesses(database: Database, ann: Client) -> None:
    secret, _ = await enable_totp(ann)
    used = await last_step(database)
    codes = []
    for _ in range(6):
        demand = await demanded(ann, "ann")
        wrong = {"token": demand["token"], "totpCode": wrong_for(secret)}
        codes.append(code_of(await attempt(ann, "completeSignIn", TOKENS, **wrong)))
    demand = await demanded(ann, "ann")
    body = await attempt(
        ann, "completeSignIn", TOKENS, token=demand["token"], totpCode=code_at(secret, 1)
    )
    assert codes == ["UNAUTHENTICATED"] * 6
    assert code_of(body) == "RATE_LIMITED"
    assert 0 < body["errors"][0]["extensions"]["retryAfter"] <= 15
    assert await last_step(database) == used


async def test_guesses_at_once_are_counted_before_they_are_looked_at(
    database: Database, ann: Client
) -> None:
    secret, _ = await enable_totp(ann)
    demands = [await demanded(ann, "ann") for _ in range(12)]
    bodies = await asyncio.gather(
        *(
            attempt(ann, "completeSignIn", TOKENS, token=each["token"], totpCode=wrong_for(secret))
            for each in demands
        )
    )
    codes = sorted(code_of(body) for body in bodies)
    assert codes == ["RATE_LIMITED"] * 6 + ["UNAUTHENTICATED"] * 6


async def test_a_right_answer_forgets_the_wrong_ones(database: Database, ann: Client) -> None:
    secret, _ = await enable_totp(ann)
    demand = await demanded(ann, "ann")
    wrong = {"token": demand["token"], "totpCode": wrong_for(secret)}
    await attempt(ann, "completeSignIn", TOKENS, **wrong)
    await do(ann, "completeSignIn", TOKENS, token=demand["token"], totpCode=code_at(secret, 1))
    async with database.read() as connection:
        subjects = (await connection.scalars(select(Lockout.subject))).all()
    assert [subject for subject in subjects if subject.startswith("factor:")] == []


async def test_a_sign_in_is_completed_once(database: Database, ann: Client) -> None:
    _, codes = await enable_totp(ann)
    demand = await demanded(ann, "ann")
    before = await counted(database)
    bodies = await asyncio.gather(
        *(
            attempt(ann, "completeSignIn", TOKENS, token=demand["token"], recoveryCode=code)
            for code in codes[:4]
        )
    )
    assert [code_of(body) for body in bodies if "errors" in body] == ["UNAUTHENTICATED"] * 3
    assert (await counted(database))["sessions"] == before["sessions"] + 1


async def test_a_sign_in_must_be_completed_in_time(database: Database, ann: Client) -> None:
    secret, _ = await enable_totp(ann)
    demand = await demanded(ann, "ann")
    await expire(database)
    right = {"token": demand["token"], "totpCode": code_at(secret, 1)}
    assert code_of(await attempt(ann, "completeSignIn", TOKENS, **right)) == "UNAUTHENTICATED"


@pytest.mark.parametrize("how", ["changePassword", "signOutEverywhere"])
async def test_a_sign_in_that_waits_ends_with_the_sessions(
    how: str, database: Database, ann: Client
) -> None:
    """Whoever has begun it may be the reason for that."""
    secret, _ = await enable_totp(ann)
    demand = await demanded(ann, "ann")
    if how == "changePassword":
        given = {"currentPassword": PASSWORD, "newPassword": "another battery horse"}
        await do(ann, "changePassword", **given)
    else:
        await do(ann, "signOutEverywhere", "sessions")
        del ann.headers["Authorization"]
    right = {"token": demand["token"], "totpCode": code_at(secret, 1)}
    assert code_of(await attempt(ann, "completeSignIn", TOKENS, **right)) == "UNAUTHENTICATED"
    body = await attempt(ann, "resumeSignIn", "secondFactor { token }", token=demand["token"])
    assert code_of(body) == "UNAUTHENTICATED"


async def test_who_may_not_act_completes_nothing(database: Database, ann: Client) -> None:
    secret, _ = await enable_totp(ann)
    demand = await demanded(ann, "ann")
    before = await counted(database)
    async with database.write() as tx:
        await tx.execute(update(Account).values(disabled_at=func.now()))
    right = {"token": demand["token"], "totpCode": code_at(secret, 1)}
    assert code_of(await attempt(ann, "completeSignIn", TOKENS, **right)) == "UNAUTHENTICATED"
    assert await counted(database) == before


@pytest.mark.parametrize("token", ["", "made up"])
async def test_a_made_up_token_is_good_for_nothing(token: str, client: Client) -> None:
    body = await attempt(client, "completeSignIn", TOKENS, token=token, totpCode=WRONG)
    assert code_of(body) == "UNAUTHENTICATED"


async def test_tokens_are_good_for_one_purpose(database: Database, ann: Client) -> None:
    key = SoftPasskey()
    secret, _ = await enable_totp(ann)
    registration = await do(ann, "startPasskeyRegistration", "token options")
    sign_in = await do(ann, "startPasskeySignIn", "token options")
    demand = await demanded(ann, "ann")
    before = await counted(database)
    for request in (registration, sign_in):
        given = {"token": request["token"], "totpCode": code_at(secret, 1)}
        assert code_of(await attempt(ann, "completeSignIn", TOKENS, **given)) == "UNAUTHENTICATED"
    answer = {
        "token": demand["token"],
        "credential": key.create(registration["options"]),
        "name": "Laptop",
    }
    body = await attempt(ann, "finishPasskeyRegistration", "id", **answer)
    assert code_of(body) == "BAD_USER_INPUT"
    assert await counted(database) == before


@pytest.mark.parametrize(
    "given", [{}, {"totpCode": WRONG, "recoveryCode": "x"}, {"passkey": {}, "totpCode": WRONG}]
)
async def test_one_proof_at_a_time(given: dict[str, Any], client: Client) -> None:
    body = await attempt(client, "completeSignIn", TOKENS, token="x", **given)
    assert body["errors"][0]["message"] == "Give one of totpCode, recoveryCode, passkey."
    assert code_of(body) == "BAD_USER_INPUT"


@pytest.mark.parametrize("passkey", [1, "x", [], {}, {"id": "x", "response": {}}])
async def test_a_passkey_of_an_odd_form_is_wrong(passkey: object, ann: Client) -> None:
    await enable_totp(ann)
    demand = await demanded(ann, "ann")
    body = await attempt(ann, "completeSignIn", TOKENS, token=demand["token"], passkey=passkey)
    assert code_of(body) == "UNAUTHENTICATED"


# --- At rest


async def test_nothing_that_signs_in_is_readable_at_rest(database: Database, ann: Client) -> None:
    secret, codes = await enable_totp(ann)
    async with database.read() as connection:
        stored = str((await connection.execute(select(Totp))).all())
        stored += str((await connection.execute(select(RecoveryCode))).all())
    assert secret not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


async def test_only_the_viewer_sees_their_second_factors(database: Database, ann: Client) -> None:
    await enable_totp(ann)
    await person(database, "bob")
    async with client_of(database) as bob:
        await bob.sign_in("bob", PASSWORD)
        assert await factors(bob) == {"totpSince": None, "recoveryCodesLeft": 0, "passkeys": []}
