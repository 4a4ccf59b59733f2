"""Passkeys (WebAuthn, https://www.w3.org/TR/webauthn-3/): what to ask of a browser, and its answers.

Options and credentials are the JSON of `PublicKeyCredential.parseCreationOptionsFromJSON`,
`parseRequestOptionsFromJSON` and `toJSON`. Ids, keys and challenges are texts in base64url.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_bytes
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    bytes_to_base64url,
    options_to_json,
    parse_authentication_credential_json,
    parse_client_data_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

NAME: Final = "Masthead"
TIMEOUT: Final = 300_000
"""Milliseconds that a browser gives the person: as long as the challenge is good."""
LONGEST_ID: Final = 1023
"""Bytes of a credential's id, at most (section 4, "Credential ID")."""

T = TypeVar("T")


class Rejected(Exception):
    """What the browser sent proves nothing."""


class Cloned(Rejected):
    """The signature is right, but its count is not above the last: there may be two of this key."""


class RelyingParty(NamedTuple):
    """For whom passkeys are: the host `id`, used from pages of these `origins`."""

    id: str
    origins: tuple[str, ...]


class Ceremony(NamedTuple):
    """What a browser is asked: `options` carry the challenge, which its answer must have signed."""

    challenge: str
    options: dict[str, Any]


class Person(NamedTuple):
    """Whom a new passkey is for, as the authenticator keeps and shows them."""

    id: str
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class Registered:
    """A new credential."""

    credential_id: str
    public_key: str
    sign_count: int
    backed_up: bool


@dataclass(frozen=True, slots=True)
class Presented:
    """Which credential a browser says it has used, and whose that is; neither is proven yet."""

    credential_id: str
    user_id: str | None


@dataclass(frozen=True, slots=True)
class Asserted:
    """What a credential has signed."""

    sign_count: int
    backed_up: bool


def relying_party(public_url: str, more: Sequence[str] = ()) -> RelyingParty:
    """The deployment at `public_url`, whose passkeys may be used from pages of `more` origins, too."""
    return RelyingParty(urlsplit(public_url).hostname or "", (public_url, *more))


def registration_options(party: RelyingParty, person: Person, known: Sequence[str]) -> Ceremony:
    """Asks for a new passkey, on an authenticator that has none of the `known` credentials.

    It is to be discoverable: signing in with it needs no name.
    """
    challenge = token_bytes(32)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=NAME,
        user_id=person.id.encode(),
        user_name=person.username,
        user_display_name=person.name,
        challenge=challenge,
        timeout=TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return Ceremony(bytes_to_base64url(challenge), json.loads(options_to_json(options)))


def verified_registration(party: RelyingParty, challenge: str, credential: Any) -> Registered:
    """The new credential (section 7.1); raises Rejected. Who made the authenticator is not asked."""

    def verify() -> Registered:
        _require_top_frame(credential)
        made = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
        )
        if len(made.credential_id) > LONGEST_ID:
            raise Rejected
        return Registered(
            bytes_to_base64url(made.credential_id),
            bytes_to_base64url(made.credential_public_key),
            made.sign_count,
            made.credential_backed_up,
        )

    return _strict(verify)


def new_challenge() -> str:
    """What nobody can have signed before: 32 random bytes."""
    return bytes_to_base64url(token_bytes(32))


def assertion_options(
    party: RelyingParty,
    allowed: Sequence[str] = (),
    *,
    alone: bool = False,
    challenge: str | None = None,
) -> Ceremony:
    """Asks for a signature by one of the `allowed` credentials, or any where none is named.

    `alone` where nothing else proves who it is: the authenticator must then verify the person. What is
    to be signed is a new `challenge` unless there is one already.
    """
    asked = challenge or new_challenge()
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=base64url_to_bytes(asked),
        timeout=TIMEOUT,
        allow_credentials=_descriptors(allowed),
        user_verification=UserVerificationRequirement.REQUIRED
        if alone
        else UserVerificationRequirement.PREFERRED,
    )
    return Ceremony(asked, json.loads(options_to_json(options)))


def presented(credential: Any) -> Presented:
    """What is needed to find the credential; raises Rejected."""

    def read() -> Presented:
        parsed = parse_authentication_credential_json(credential)
        handle = parsed.response.user_handle
        return Presented(bytes_to_base64url(parsed.raw_id), handle.decode() if handle else None)

    return _strict(read)


def verified_assertion(
    party: RelyingParty,
    challenge: str,
    credential: Any,
    public_key: str,
    sign_count: int,
    *,
    alone: bool = False,
) -> Asserted:
    """What the credential with this public key has signed (section 7.2); raises Rejected.

    `sign_count` is its last one, `alone` as in the options. Raises Cloned for a count that is not
    above the last, unless the authenticator does not count.
    """

    def verify() -> Asserted:
        _require_top_frame(credential)
        made = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=base64url_to_bytes(public_key),
            # Compared below, once the signature is known to be right: anybody can send a low count.
            credential_current_sign_count=0,
            require_user_verification=alone,
        )
        if sign_count and made.new_sign_count <= sign_count:
            raise Cloned
        return Asserted(made.new_sign_count, made.credential_backed_up)

    return _strict(verify)


def _descriptors(ids: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(base64url_to_bytes(each)) for each in ids]


def _require_top_frame(credential: Any) -> None:
    """Nobody is to be led to use a passkey in a frame of another site (section 7.2, `crossOrigin`)."""
    data = parse_client_data_json(base64url_to_bytes(credential["response"]["clientDataJSON"]))
    if data.cross_origin:
        raise Rejected


def _strict(verify: Callable[[], T]) -> T:
    """The library lets all kinds of errors through where what it reads has not the form it should."""
    try:
        return verify()
    except Rejected:
        raise
    except Exception:
        raise Rejected from None
