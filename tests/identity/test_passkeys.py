"""Passkeys: which answers of browsers are taken."""

from collections.abc import Callable
from typing import Any

import pytest

from identity.passkeys import (
    Cloned,
    Person,
    Registered,
    Rejected,
    RelyingParty,
    assertion_options,
    presented,
    registration_options,
    relying_party,
    verified_assertion,
    verified_registration,
)
from tests.authenticators import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, SoftPasskey, encoded
from tests.signing import ORIGIN

PARTY = relying_party(ORIGIN, ["https://app.example"])
ANN = Person("user_ann", "ann", "Ann")

Lie = Callable[[SoftPasskey], None]


def setting(**values: object) -> Lie:
    def lie(key: SoftPasskey) -> None:
        for name, value in values.items():
            setattr(key, name, value)

    return lie


LIES = {
    "another origin": setting(origin="https://evil.test"),
    "a subdomain": setting(origin="http://sub.masthead.test"),
    "another port": setting(origin=f"{ORIGIN}:81"),
    "another scheme": setting(origin="https://masthead.test"),
    "another RP id": setting(rp_id="evil.test"),
    "a frame of another site": setting(cross_origin=True),
    "nobody present": setting(flags=VERIFIED),
    "a backup that cannot be": setting(flags=PRESENT | VERIFIED | BACKED_UP),
}


def registered(key: SoftPasskey) -> Registered:
    ceremony = registration_options(PARTY, ANN, [])
    return verified_registration(PARTY, ceremony.challenge, key.create(ceremony.options))


def test_the_relying_party_is_the_public_host() -> None:
    assert relying_party("https://blog.test:8443") == RelyingParty(
        "blog.test", ("https://blog.test:8443",)
    )


def test_registration_asks_for_a_passkey_that_the_authenticator_does_not_have() -> None:
    ceremony = registration_options(PARTY, ANN, ["AAAA"])
    assert ceremony.options == {
        "rp": {"name": "Masthead", "id": "masthead.test"},
        "user": {"id": encoded(b"user_ann"), "name": "ann", "displayName": "Ann"},
        "challenge": ceremony.challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in (-8, -7, -257)],
        "timeout": 300_000,
        "excludeCredentials": [{"id": "AAAA", "type": "public-key"}],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "preferred",
        },
        "attestation": "none",
    }
    assert len(ceremony.challenge) == 43


def test_signing_in_by_passkey_alone_takes_verification_of_the_person() -> None:
    asked = assertion_options(PARTY, alone=True).options
    assert (asked["userVerification"], asked["allowCredentials"]) == ("required", [])
    asked = assertion_options(PARTY, ["AAAA"]).options
    assert asked["userVerification"] == "preferred"
    assert asked["allowCredentials"] == [{"id": "AAAA", "type": "public-key"}]


def test_a_new_passkey_is_taken() -> None:
    key = SoftPasskey(flags=PRESENT | ELIGIBLE | BACKED_UP)
    made = registered(key)
    assert made.credential_id == encoded(key.credential_id)
    assert (made.sign_count, made.backed_up) == (1, True)


def test_a_new_passkey_of_an_allowed_origin_is_taken() -> None:
    assert registered(SoftPasskey(origin="https://app.example")).sign_count == 1


@pytest.mark.parametrize("lie", LIES)
def test_no_new_passkey_is_taken_from(lie: str) -> None:
    key = SoftPasskey()
    LIES[lie](key)
    with pytest.raises(Rejected):
        registered(key)


def test_no_new_passkey_is_taken_for_another_challenge_or_ceremony() -> None:
    ceremony = registration_options(PARTY, ANN, [])
    other = registration_options(PARTY, ANN, [])
    with pytest.raises(Rejected):
        verified_registration(PARTY, other.challenge, SoftPasskey().create(ceremony.options))
    answer = SoftPasskey().create(ceremony.options, "webauthn.get")
    with pytest.raises(Rejected):
        verified_registration(PARTY, ceremony.challenge, answer)


def test_an_id_that_is_too_long_is_not_taken() -> None:
    assert registered(SoftPasskey(credential_id=b"x" * 1023)).sign_count == 1
    with pytest.raises(Rejected):
        registered(SoftPasskey(credential_id=b"x" * 1024))


def asserted(key: SoftPasskey, made: Registered, count: int = 1, **more: Any) -> int:
    ceremony = assertion_options(PARTY)
    answer = key.get(ceremony.options)
    return verified_assertion(
        PARTY, ceremony.challenge, answer, made.public_key, count, **more
    ).sign_count


def test_a_signature_is_taken() -> None:
    key = SoftPasskey()
    assert asserted(key, registered(key), alone=True) == 2


@pytest.mark.parametrize("lie", LIES)
def test_no_signature_is_taken_from(lie: str) -> None:
    key = SoftPasskey()
    made = registered(key)
    LIES[lie](key)
    with pytest.raises(Rejected):
        asserted(key, made)


def test_no_signature_is_taken_for_another_challenge_or_ceremony() -> None:
    key = SoftPasskey()
    made = registered(key)
    ceremony, other = assertion_options(PARTY), assertion_options(PARTY)
    for challenge, kind in [
        (other.challenge, "webauthn.get"),
        (ceremony.challenge, "webauthn.create"),
    ]:
        answer = key.get(ceremony.options, kind)
        with pytest.raises(Rejected):
            verified_assertion(PARTY, challenge, answer, made.public_key, 1)


def test_no_signature_of_another_key_is_taken() -> None:
    key, other = SoftPasskey(), SoftPasskey()
    made = registered(key)
    other.credential_id = key.credential_id
    with pytest.raises(Rejected):
        asserted(other, made, count=0)


def test_an_unverified_person_needs_another_proof() -> None:
    key = SoftPasskey(flags=PRESENT)
    made = registered(key)
    assert asserted(key, made) == 2
    with pytest.raises(Rejected):
        asserted(key, made, alone=True)


def test_a_count_that_does_not_grow_is_of_a_clone() -> None:
    key = SoftPasskey()
    made = registered(key)
    with pytest.raises(Cloned):
        asserted(key, made, count=2)
    key.count, key.counts = 0, False
    with pytest.raises(Cloned):
        asserted(key, made, count=1)


def test_a_low_count_proves_nothing_without_the_key() -> None:
    key, thief = SoftPasskey(), SoftPasskey()
    made = registered(key)
    thief.credential_id = key.credential_id
    with pytest.raises(Rejected) as rejected:
        asserted(thief, made, count=100)
    assert rejected.type is Rejected


def test_authenticators_need_not_count() -> None:
    key = SoftPasskey(counts=False)
    made = registered(key)
    assert [asserted(key, made, count=0) for _ in range(2)] == [0, 0]


@pytest.mark.parametrize(
    "garbage",
    [None, 1, "", "{", "[" * 100_000, [], {}, {"id": "AAAA"}, {"response": None}]
    + [
        {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": response}
        for response in (
            {},
            {"clientDataJSON": "é", "attestationObject": "é"},
            {"clientDataJSON": "bnVsbA", "attestationObject": "oA"},
            {"clientDataJSON": "AAAA", "authenticatorData": "AAAA", "signature": "AAAA"},
            {"clientDataJSON": "W10", "authenticatorData": "", "signature": "", "userHandle": "_w"},
        )
    ],
    ids=lambda each: str(each)[:60],
)
def test_garbage_proves_nothing(garbage: Any) -> None:
    with pytest.raises(Rejected):
        verified_registration(PARTY, "AAAA", garbage)
    with pytest.raises(Rejected):
        verified_assertion(PARTY, "AAAA", garbage, "AAAA", 0)


@pytest.mark.parametrize("handle", ["A", "_w", 1, []])
def test_a_handle_that_is_no_text_names_nobody(handle: object) -> None:
    key = SoftPasskey()
    answer = key.get(assertion_options(PARTY).options)
    answer["response"]["userHandle"] = handle
    with pytest.raises(Rejected):
        presented(answer)
