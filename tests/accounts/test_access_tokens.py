"""Access tokens over HTTP: each that is not ours, or no longer good, is a 401 that says so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import update

from db.authority import Authority
from db.database import Database
from db.models.key import SigningKey as SigningKeyModel
from db.signing_keys import NOTICE, rotate_signing_key
from identity.secrets import Keyring
from identity.tokens import LEEWAY, LIFETIME, SigningKey, new_signing_key, sign
from tests.provider import forger
from tests.signing import ORIGIN, SECRET, Client, authority_on, client_of, code_of, person
from tests.tokens import encoded, public_forms, signed, signed_by_secret, unsigned

ME = "{ me { username } }"
Forge = Callable[[SigningKey, dict[str, Any]], str]


async def refused(client: Client, token: str) -> None:
    response = await client.operation(ME, Authorization=f"Bearer {token}")
    assert (response.status_code, code_of(response.json())) == (401, "UNAUTHENTICATED")
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert "data" not in response.json()


def without(name: str) -> Forge:
    return lambda key, claims: sign(key, {each: claims[each] for each in claims if each != name})


def changed(**changes: Any) -> Forge:
    return lambda key, claims: signed(key, {**claims, **changes})


def titled(**header: Any) -> Forge:
    return lambda key, claims: signed(key, claims, **header)


def renamed(key: SigningKey, claims: dict[str, Any]) -> str:
    """Another's claims under the signature of one's own token."""
    head, _, signature = sign(key, claims).split(".")
    return f"{head}.{encoded({**claims, 'sub': 'user_2'})}.{signature}"


ATTACKS: dict[str, Forge] = {
    "expired": changed(exp=datetime.now(UTC) - LEEWAY - timedelta(seconds=1)),
    "from the future": changed(iat=datetime.now(UTC) + timedelta(days=1)),
    "none": lambda key, claims: unsigned(sign(key, claims), alg="none"),
    "NonE": lambda key, claims: unsigned(sign(key, claims), alg="NonE"),
    "wrong key": lambda key, claims: sign(forger(key), claims),
    "unknown key": lambda key, claims: sign(new_signing_key("EdDSA", key.active_from), claims),
    "no key": titled(kid=None),
    "a path for a key": titled(kid="../../../../dev/null"),
    "SQL for a key": titled(kid="' or 1=1 --"),
    "NUL for a key": titled(kid="\x00"),
    "half a pair for a key": titled(kid="\ud800"),
    "a list for a key": titled(kid=["a"]),
    "an object for a key": titled(kid={"a": 1}),
    "a number for a key": titled(kid=1),
    "a key of the token's own": titled(
        kid="own", jwk=new_signing_key("EdDSA", datetime.now(UTC)).jwk()
    ),
    "a key from elsewhere": titled(kid="own", jku="https://elsewhere.test/jwks"),
    "critical": titled(crit=["exp"]),
    "foreign issuer": changed(iss="https://elsewhere.test"),
    "foreign audience": changed(aud="elsewhere"),
    "two audiences": changed(aud=["masthead", "elsewhere"]),
    "ID token": titled(typ="JWT"),
    "refresh token": titled(typ="refresh+jwt"),
    "no type": titled(typ=None),
    "another's session": changed(sub="user_2"),
    "no such session": changed(sid="session_1"),
    "tampered": renamed,
    "nested": lambda key, claims: "W1tb" * 2000 + ".e30.",
    **{
        f"without {name}": without(name)
        for name in ("iss", "aud", "sub", "exp", "iat", "jti", "sid")
    },
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_a_forged_token_is_refused(attack: str, database: Database, client: Client) -> None:
    await person(database, "ann")
    token = (await client.sign_in("ann"))["accessToken"]
    key = await authority_on(database).signing_keys.current()
    claims = jwt.decode(token, options={"verify_signature": False})
    assert await client.graphql(ME) == {"data": {"me": {"username": "ann"}}}
    await refused(client, ATTACKS[attack](key, claims))


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "RS256"])
async def test_the_published_key_is_no_secret(algorithm: str, database: Database) -> None:
    await person(database, "ann")
    async with client_of(database, authority(database, algorithm)) as client:
        token = (await client.sign_in("ann"))["accessToken"]
        [jwk] = (await client.get("/.well-known/jwks.json")).json()["keys"]
        claims = jwt.decode(token, options={"verify_signature": False})
        for secret in public_forms(jwk):
            await refused(client, signed_by_secret(secret, claims, kid=jwk["kid"]))
        assert await client.graphql(ME) == {"data": {"me": {"username": "ann"}}}


def authority(database: Database, algorithm: str = "EdDSA") -> Authority:
    made = authority_on(database)
    made.signing_keys._algorithm = algorithm
    return made


async def rotate(database: Database, *, at_once: bool) -> str:
    async with database.write() as tx:
        return await rotate_signing_key(tx, Keyring([SECRET]), "EdDSA", at_once=at_once)


async def key_ids(client: Client) -> set[str]:
    return {key["kid"] for key in (await client.get("/.well-known/jwks.json")).json()["keys"]}


async def moved(database: Database, by: timedelta) -> None:
    """Makes the keys older."""
    model = SigningKeyModel
    async with database.write() as tx:
        await tx.execute(
            update(model).values(
                active_from=model.active_from - by, retired_at=model.retired_at - by
            )
        )


async def test_a_rotation_signs_nobody_out(database: Database) -> None:
    await person(database, "ann")
    ours = authority_on(database)
    async with client_of(database, ours) as client:
        old = (await client.sign_in("ann"))["accessToken"]
        [former] = await key_ids(client)
        new_key = await rotate(database, at_once=False)
        ours.signing_keys.forget()
        # The new key is published before it signs.
        assert await key_ids(client) == {former, new_key}
        between = (await client.sign_in("ann"))["accessToken"]
        assert jwt.get_unverified_header(between)["kid"] == former
        await moved(database, NOTICE)
        ours.signing_keys.forget()
        new = (await client.sign_in("ann"))["accessToken"]
        assert jwt.get_unverified_header(new)["kid"] == new_key
        for token in (old, between, new):
            body = await client.graphql(ME, Authorization=f"Bearer {token}")
            assert body == {"data": {"me": {"username": "ann"}}}


async def test_a_retired_key_is_good_for_nothing_once_its_tokens_are_over(
    database: Database,
) -> None:
    await person(database, "ann")
    ours = authority_on(database)
    async with client_of(database, ours) as client:
        token = (await client.sign_in("ann"))["accessToken"]
        key = await ours.signing_keys.current()
        claims = jwt.decode(token, options={"verify_signature": False})
        new_key = await rotate(database, at_once=False)
        await moved(database, NOTICE + LIFETIME + LEEWAY)
        ours.signing_keys.forget()
        await refused(client, sign(key, {**claims, "exp": datetime.now(UTC) + LIFETIME}))
        assert await key_ids(client) == {new_key}


async def test_a_stolen_key_is_gone_at_once(database: Database) -> None:
    await person(database, "ann")
    ours = authority_on(database)
    async with client_of(database, ours) as client:
        tokens = await client.sign_in("ann")
        stolen = await ours.signing_keys.current()
        claims = jwt.decode(tokens["accessToken"], options={"verify_signature": False})
        new_key = await rotate(database, at_once=True)
        ours.signing_keys.forget()
        await refused(client, sign(stolen, claims))
        await refused(client, sign(stolen, {**claims, "jti": "another"}))
        assert await key_ids(client) == {new_key}
        # The session goes on: only what the key has signed is over.
        refresh = """mutation($token: String!) {
            refreshSession(input: { refreshToken: $token }) { tokens { accessToken } } }"""
        body = await client.graphql(refresh, {"token": tokens["refreshToken"]}, Authorization="")
        fresh = body["data"]["refreshSession"]["tokens"]["accessToken"]
        assert await client.graphql(ME, Authorization=f"Bearer {fresh}") == {
            "data": {"me": {"username": "ann"}}
        }


async def test_another_server_hears_of_a_new_key_by_a_token(database: Database) -> None:
    await person(database, "ann")
    async with client_of(database, authority_on(database)) as one:
        await one.sign_in("ann")
        other_authority = authority_on(database)
        async with client_of(database, other_authority) as other:
            await other.sign_in("ann")
            await rotate(database, at_once=True)
            fresh = (await sign_in_elsewhere(database))["accessToken"]
            # What was read a moment ago is not read again for any key id that somebody makes up.
            await refused(other, fresh)
            other_authority.signing_keys._read_at -= 6
            body = await other.graphql(ME, Authorization=f"Bearer {fresh}")
            assert body == {"data": {"me": {"username": "ann"}}}


async def sign_in_elsewhere(database: Database) -> dict[str, str]:
    async with client_of(database, authority_on(database)) as third:
        return await third.sign_in("ann")


async def test_the_issuer_is_this_server(database: Database, client: Client) -> None:
    await person(database, "ann")
    token = (await client.sign_in("ann"))["accessToken"]
    assert jwt.decode(token, options={"verify_signature": False})["iss"] == ORIGIN
    elsewhere = authority_on(database, public_url="https://elsewhere.test")
    async with client_of(database, elsewhere) as other:
        await refused(other, token)
