"""Access tokens of another issuer in place of ours."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.auth import discovery
from db.database import Database
from db.models.account import Account, Identity
from db.models.audit import AuditEvent
from db.models.user import User
from identity.tokens import new_signing_key
from tests.provider import ISSUER, Provider, forger
from tests.signing import Client, authority_on, client_of, code_of, person
from tests.tokens import encoded, public_forms, signed_by_secret, unsigned

ME = "{ me { username email } }"
ANN = {"data": {"me": {"username": "ann", "email": "ann@masthead.test"}}}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    provider = Provider()
    provider.claims = {"aud": "masthead", "nonce": None, "at_hash": None}
    provider.header = {"typ": "at+jwt"}
    monkeypatch.setattr("app.main.Outbound", lambda production: provider)
    return provider


@pytest.fixture
async def client(database: Database, provider: Provider) -> AsyncIterator[Client]:
    async with client_of(database, external_issuers=issuers()) as client:
        yield client


def issuers(**changes: Any) -> str:
    return json.dumps([{"issuer": ISSUER, "audience": "masthead", **changes}])


async def asked(client: Client, token: str) -> dict[str, Any]:
    return await client.graphql(ME, Authorization=f"Bearer {token}")


async def refused(client: Client, token: str) -> str:
    """The message of a refusal."""
    response = await client.operation(ME, Authorization=f"Bearer {token}")
    assert (response.status_code, code_of(response.json())) == (401, "UNAUTHENTICATED")
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    return str(response.json()["errors"][0]["message"])


async def people(database: Database) -> int:
    async with database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(User)) or 0


@pytest.mark.parametrize("kind", ["at+jwt", "JWT", "application/at+jwt", "AT+JWT", None])
async def test_somebody_new_gets_an_account(
    kind: str | None, client: Client, provider: Provider, database: Database
) -> None:
    provider.header = {"typ": kind} if kind else {}
    assert await asked(client, provider.id_token()) == ANN
    assert await asked(client, provider.id_token(jti="another")) == ANN
    async with database.read() as connection:
        actions = await connection.scalars(select(AuditEvent.action).order_by(AuditEvent.at))
        assert sorted(actions) == ["account.create", "identity.link"]
        rows = await connection.execute(select(Identity.provider, Identity.subject))
        assert rows.all() == [("id.test", "ann at id.test")]


async def test_many_requests_at_once_make_one_account(
    client: Client, provider: Provider, database: Database
) -> None:
    bodies = await asyncio.gather(
        *(asked(client, provider.id_token(jti=str(number))) for number in range(8))
    )
    assert bodies == [ANN] * 8
    assert await people(database) == 1


async def test_who_is_here_is_known_by_the_verified_address(
    client: Client, provider: Provider, database: Database
) -> None:
    user_id = await person(database, "ann")
    assert await asked(client, provider.id_token()) == ANN
    async with database.read() as connection:
        assert (await connection.scalars(select(Identity.user_id))).all() == [user_id]


@pytest.mark.parametrize("verified", [False, None, "true", 1])
async def test_an_unverified_address_claims_nothing(
    verified: object, client: Client, provider: Provider, database: Database
) -> None:
    await person(database, "ann")
    message = await refused(client, provider.id_token(email_verified=verified))
    assert message == "The provider does not vouch for an e-mail address."
    async with database.read() as connection:
        assert (await connection.scalars(select(Identity.id))).all() == []


async def test_closed_sign_up_lets_in_only_whom_it_knows(
    provider: Provider, database: Database
) -> None:
    closed = authority_on(database, sign_up_open=False)
    async with client_of(database, closed, external_issuers=issuers()) as client:
        await refused(client, provider.id_token())
        assert await people(database) == 0
        await person(database, "ann")
        assert await asked(client, provider.id_token(jti="2")) == ANN


async def test_a_closed_account_stays_closed(
    client: Client, provider: Provider, database: Database
) -> None:
    assert await asked(client, provider.id_token()) == ANN
    async with database.write() as tx:
        await tx.execute(update(Account).values(disabled_at=datetime.now(UTC)))
    await refused(client, provider.id_token(jti="another"))


@pytest.mark.parametrize("known", [True, False])
async def test_an_account_that_is_to_be_deleted_is_kept_by_signing_in_only(
    known: bool, provider: Provider, database: Database, client: Client
) -> None:
    """A token begins no session: programs send it without anybody wanting anything back."""
    await person(database, "ann")
    if known:
        assert await asked(client, provider.id_token()) == ANN
    async with database.write() as tx:
        due = datetime.now(UTC) + timedelta(days=1)
        await tx.execute(update(Account).values(deletion_due_at=due))
        await tx.execute(update(User).values(deactivated=True))
    await refused(client, provider.id_token(jti="another"))
    async with database.read() as connection:
        assert await connection.scalar(select(User.deactivated)) is True


async def test_claims_may_have_other_names(provider: Provider, database: Database) -> None:
    names = {"email": "mail", "email_verified": "mail_ok", "username": "nick", "name": "full"}
    configured = issuers(claims=names)
    token = provider.id_token(mail="bob@masthead.test", mail_ok=True, nick="bobby", full="Bob")
    async with client_of(database, external_issuers=configured) as client:
        body = await asked(client, token)
    assert body == {"data": {"me": {"username": "bobby", "email": "bob@masthead.test"}}}


ATTACKS: dict[str, dict[str, Any]] = {
    "expired": {"exp": datetime.now(UTC) - timedelta(minutes=1)},
    "from the future": {"iat": datetime.now(UTC) + timedelta(days=1)},
    "not yet": {"nbf": datetime.now(UTC) + timedelta(days=1)},
    "foreign audience": {"aud": "elsewhere"},
    "no audience": {"aud": None},
    "no subject": {"sub": None},
    "empty subject": {"sub": ""},
    "subject of another kind": {"sub": ["ann"]},
    "no end": {"exp": None},
    "no beginning": {"iat": None},
    "no issuer": {"iss": None},
    "foreign issuer": {"iss": "https://elsewhere.test"},
    "similar issuer": {"iss": f"{ISSUER}/"},
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_a_token_for_another_time_or_place_is_refused(
    attack: str, client: Client, provider: Provider, database: Database
) -> None:
    await refused(client, provider.id_token(**ATTACKS[attack]))
    assert await people(database) == 0


@pytest.mark.parametrize(
    "kind", ["id_token+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "", 1, ["at+jwt"]]
)
async def test_a_token_of_another_kind_is_refused(
    kind: object, client: Client, provider: Provider, database: Database
) -> None:
    provider.header = {"typ": kind}
    await refused(client, provider.id_token())
    assert await people(database) == 0


async def test_a_forged_token_is_refused(
    client: Client, provider: Provider, database: Database
) -> None:
    token, key = provider.id_token(), provider.key
    claims = {"iss": ISSUER, "aud": "masthead", "sub": "ann", "exp": 9e9, "iat": 0}
    head, _, signature = token.split(".")
    forged = [
        unsigned(token, alg="none"),
        unsigned(token, alg="nOnE"),
        provider.sign(forger(key), claims),
        provider.sign(key, claims, kid="../../dev/null"),
        provider.sign(key, claims, kid="' or 1=1 --"),
        provider.sign(key, claims, kid={"a": 1}),
        provider.sign(forger(key), claims, kid="own", jwk=key.jwk()),
        f"{head}.{encoded({**claims, 'sub': 'bob'})}.{signature}",
        f"{head}.{encoded([])}.{signature}",
        f"{head}.{'W1tb' * 2000}.{signature}",
        *(signed_by_secret(each, claims, kid=key.id) for each in public_forms(key.jwk() or {})),
    ]
    for each in forged:
        await refused(client, each)
    assert await people(database) == 0


async def test_our_own_key_does_not_speak_for_the_issuer(
    client: Client, provider: Provider, database: Database
) -> None:
    ours = await authority_on(database).signing_keys.current()
    provider.key = ours
    await refused(client, provider.id_token())
    # Nor does the issuer's for us.
    await person(database, "ann")
    await refused(client, provider.id_token(iss="http://masthead.test", sid="session_1"))


async def test_shared_secrets_are_keys_of_nobody(provider: Provider, database: Database) -> None:
    secret = new_signing_key("HS256", datetime.now(UTC))
    octets = {"kty": "oct", "kid": "shared", "alg": "HS256", "k": "c2VjcmV0"}
    provider.jwks = [octets, {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}]
    claims = {"iss": ISSUER, "aud": "masthead", "sub": "ann", "exp": 9e9, "iat": 0}
    async with client_of(database, external_issuers=issuers()) as client:
        await refused(client, signed_by_secret(b"secret", claims, kid="shared"))
        await refused(client, signed_by_secret(secret.private.encode(), claims, kid="shared"))


async def test_only_configured_algorithms_count(provider: Provider, database: Database) -> None:
    async with client_of(database, external_issuers=issuers(algorithms=["ES256"])) as client:
        await refused(client, provider.id_token())
    assert await people(database) == 0


async def test_the_keys_may_have_an_address_of_their_own(
    provider: Provider, database: Database
) -> None:
    configured = issuers(jwks_uri=f"{ISSUER}/jwks")
    async with client_of(database, external_issuers=configured) as client:
        assert await asked(client, provider.id_token()) == ANN
    assert provider.asked == [f"{ISSUER}/jwks"]


# --- Keys come and go


async def test_keys_are_read_once(client: Client, provider: Provider) -> None:
    for number in range(3):
        assert await asked(client, provider.id_token(jti=str(number))) == ANN
    assert provider.asked == [f"{ISSUER}/.well-known/openid-configuration", f"{ISSUER}/jwks"]


async def test_a_new_key_is_found_but_made_up_ones_ask_nobody(
    client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(discovery, "monotonic", lambda: clock[0])
    assert await asked(client, provider.id_token()) == ANN
    new = new_signing_key("EdDSA", datetime.now(UTC))
    provider.key, provider.published = new, [*provider.published, new]
    # A moment ago it was not there yet.
    await refused(client, provider.id_token())
    clock[0] += discovery.COOLDOWN
    assert await asked(client, provider.id_token()) == ANN
    for number in range(20):
        await refused(client, provider.sign(new, {"iss": ISSUER}, kid=f"made up {number}"))
    assert provider.asked.count(f"{ISSUER}/jwks") == 2


async def test_an_issuer_that_is_away_is_not_needed_for_known_keys(
    client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(discovery, "monotonic", lambda: clock[0])
    assert await asked(client, provider.id_token()) == ANN
    provider.is_away = True
    clock[0] += 10 * discovery.FRESH
    assert await asked(client, provider.id_token(jti="2")) == ANN
    tried = len(provider.asked)
    assert await asked(client, provider.id_token(jti="3")) == ANN
    assert len(provider.asked) == tried


async def test_an_issuer_that_was_never_there_is_unavailable(
    client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(discovery, "monotonic", lambda: clock[0])
    provider.is_away = True
    for _ in range(3):
        response = await client.operation(ME, Authorization=f"Bearer {provider.id_token()}")
        assert (response.status_code, code_of(response.json())) == (503, "SERVICE_UNAVAILABLE")
    assert len(provider.asked) == 1
    provider.is_away = False
    clock[0] += discovery.COOLDOWN
    assert await asked(client, provider.id_token()) == ANN


async def test_a_key_that_is_withdrawn_is_good_for_an_hour_at_most(
    client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(discovery, "monotonic", lambda: clock[0])
    stolen = provider.key
    assert await asked(client, provider.id_token()) == ANN
    provider.key = new_signing_key("EdDSA", datetime.now(UTC))
    provider.published = [provider.key]
    clock[0] += discovery.FRESH
    fresh = provider.id_token()
    assert await asked(client, fresh) == ANN
    provider.key = stolen
    await refused(client, provider.id_token(jti="another"))
