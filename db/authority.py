"""The deployment as an authority on who somebody is: its keys, and what it says about people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

from db.signing_keys import SigningKeys
from identity.passkeys import RelyingParty, relying_party
from identity.passwords import Hasher
from identity.secrets import Keyring
from identity.tokens import LIFETIME, InvalidToken, key_id_of, sign, verified


@dataclass(frozen=True, slots=True)
class Authority:
    """`public_url` is where people find this deployment, without a final slash; it issues the tokens.

    `sign_up_open` says whether anybody may have an account, or those only who are invited. Passkeys may
    be used from pages of `passkey_origins` as well.
    """

    keyring: Keyring
    hasher: Hasher
    signing_keys: SigningKeys
    public_url: str
    audience: str
    sign_up_open: bool = True
    passkey_origins: tuple[str, ...] = ()

    @property
    def relying_party(self) -> RelyingParty:
        """For whom people's passkeys are."""
        return relying_party(self.public_url, self.passkey_origins)

    async def access_token(self, user_id: str, session_id: str) -> tuple[str, datetime]:
        """A token for the session, and when it ends (RFC 9068, section 2.2)."""
        now = datetime.now(UTC).replace(microsecond=0)
        claims = {
            "iss": self.public_url,
            "aud": self.audience,
            "sub": user_id,
            "sid": session_id,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": token_urlsafe(12),
        }
        return sign(await self.signing_keys.current(), claims), now + LIFETIME

    async def claims(self, token: str) -> Mapping[str, Any]:
        """What an access token of ours says; raises InvalidToken."""
        key = await self.signing_keys.find(key_id_of(token))
        if key is None:
            raise InvalidToken("The token is signed by no key of ours.")
        return verified(token, key, self.public_url, self.audience)
