"""Access tokens of ours, under attack: what is not signed by us, for us, now, proves nothing."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from identity.tokens import (
    ALGORITHMS,
    LEEWAY,
    LIFETIME,
    REQUIRED,
    InvalidToken,
    SigningKey,
    key_id_of,
    new_signing_key,
    sign,
    verified,
)
from tests.tokens import encoded, public_forms, signed, signed_by_secret, unsigned

NOW = datetime.now(UTC).replace(microsecond=0)
ISSUER, AUDIENCE = "https://masthead.test", "masthead"
KEYS = {algorithm: new_signing_key(algorithm, NOW) for algorithm in ALGORITHMS}


def claims(**changes: Any) -> dict[str, Any]:
    """Those of a valid token, changed; a time is given as its distance from now."""
    now = datetime.now(UTC)
    made = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "user_1",
        "sid": "session_1",
        "iat": timedelta(0),
        "exp": LIFETIME,
        "jti": "1",
        **changes,
    }
    return {
        name: now + value if isinstance(value, timedelta) else value for name, value in made.items()
    }


def check(token: str, key: SigningKey) -> Mapping[str, Any]:
    return verified(token, key, ISSUER, AUDIENCE)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_a_key_has_signed_it_verifies(algorithm: str) -> None:
    key = KEYS[algorithm]
    token = sign(key, claims())
    assert key_id_of(token) == key.id
    assert check(token, key)["sub"] == "user_1"
    assert jwt.get_unverified_header(token) == {"alg": algorithm, "kid": key.id, "typ": "at+jwt"}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_another_key_does_not_verify_it(algorithm: str) -> None:
    token = sign(new_signing_key(algorithm, NOW), claims())
    with pytest.raises(InvalidToken, match="not valid"):
        check(token, KEYS[algorithm])


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "RS256"])
def test_the_public_key_is_no_secret(algorithm: str) -> None:
    """Algorithm confusion: HS256 with what everybody can read as the secret."""
    key = KEYS[algorithm]
    for secret in public_forms(key.jwk() or {}):
        with pytest.raises(InvalidToken, match="not valid"):
            check(signed_by_secret(secret, claims(), kid=key.id), key)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("named", ["none", "None", "NONE", "nOnE", "", "HS256", "HS512", "ES256K"])
def test_the_token_does_not_choose_the_algorithm(algorithm: str, named: str) -> None:
    token = unsigned(sign(KEYS[algorithm], claims()), alg=named)
    for forged in (token, token + token.rpartition(".")[2], token + "AA"):
        with pytest.raises(InvalidToken):
            check(forged, KEYS[algorithm])


@pytest.mark.parametrize("missing", REQUIRED)
@pytest.mark.parametrize("how", ["absent", "null"])
def test_every_claim_is_needed(missing: str, how: str) -> None:
    made = claims(**{missing: None})
    if how == "absent":
        del made[missing]
    with pytest.raises(InvalidToken, match="not valid"):
        check(signed(KEYS["EdDSA"], made), KEYS["EdDSA"])


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.test"},
        {"iss": f"{ISSUER}/"},
        {"iss": ISSUER.upper()},
        {"iss": [ISSUER]},
        {"aud": "elsewhere"},
        {"aud": "Masthead"},
        {"aud": [AUDIENCE]},
        {"aud": [AUDIENCE, "elsewhere"]},
        {"aud": ""},
        {"sub": 1},
        {"sub": {"id": "user_1"}},
        {"jti": 1},
        {"iat": LEEWAY + timedelta(minutes=1)},
        {"iat": "yesterday"},
        {"nbf": LEEWAY + timedelta(minutes=1)},
        {"exp": "tomorrow"},
        {"exp": 1e400},
    ],
)
def test_claims_of_another_token_are_refused(changes: dict[str, Any]) -> None:
    key = KEYS["EdDSA"]
    assert check(signed(key, claims()), key)
    with pytest.raises(InvalidToken, match="not valid"):
        check(signed(key, claims(**changes)), key)


def test_a_token_ends_with_its_time() -> None:
    key = KEYS["EdDSA"]
    assert check(sign(key, claims(exp=timedelta(seconds=10) - LEEWAY)), key)
    with pytest.raises(InvalidToken, match="expired"):
        check(sign(key, claims(exp=timedelta(seconds=-1) - LEEWAY)), key)


@pytest.mark.parametrize("kind", ["JWT", "id_token+jwt", "at+JWT ", "refresh+jwt", None, 1])
def test_only_access_tokens_are_access_tokens(kind: Any) -> None:
    with pytest.raises(InvalidToken, match=r"no access token|no token"):
        key_id_of(signed(KEYS["EdDSA"], claims(), typ=kind))


def parts(change: Callable[[str, str, str], str]) -> str:
    return change(*sign(KEYS["EdDSA"], claims()).split("."))


@pytest.mark.parametrize(
    "change",
    [
        lambda head, body, signature: f"{head}.{encoded({'sub': 'user_2'})}.{signature}",
        lambda head, body, signature: f"{head}.{body}.{signature[:-4]}AAAA",
        lambda head, body, signature: f"{head}.{body}.",
        lambda head, body, signature: f"{head}.{body}",
        lambda head, body, signature: f"{head}.{body}.{signature}.{signature}",
        lambda head, body, signature: (
            f"{encoded({'alg': 'EdDSA', 'typ': 'at+jwt'})}.{body}.{signature}"
        ),
        lambda head, body, signature: "",
        lambda head, body, signature: "..",
        lambda head, body, signature: "\x00",
        lambda head, body, signature: "ü",
        lambda head, body, signature: (
            f"{urlsafe_b64encode(b'[' * 3000).decode()}.{body}.{signature}"
        ),
        lambda head, body, signature: f"{urlsafe_b64encode(b'[1]').decode()}.{body}.{signature}",
    ],
)
def test_a_token_that_was_changed_is_refused(change: Callable[[str, str, str], str]) -> None:
    token = parts(change)
    with pytest.raises(InvalidToken):
        key_id_of(token)
        check(token, KEYS["EdDSA"])


def test_a_key_verifies_a_token_s_lifetime_longer_than_it_signs() -> None:
    key = SigningKey("1", "EdDSA", KEYS["EdDSA"].private, NOW, NOW + timedelta(minutes=1))
    last = NOW + timedelta(minutes=1) + LIFETIME + LEEWAY
    assert key.signs_at(NOW)
    assert not key.signs_at(NOW - timedelta(seconds=1))
    assert not key.signs_at(NOW + timedelta(minutes=1))
    assert key.verifies_at(last - timedelta(seconds=1))
    assert not key.verifies_at(last)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_no_private_part_is_published(algorithm: str) -> None:
    jwk = KEYS[algorithm].jwk()
    assert (jwk is None) == (algorithm == "HS256")
    assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(jwk or {})
