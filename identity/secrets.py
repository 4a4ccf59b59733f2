"""The deployment's secrets: what they encrypt, and the keys derived from them.

There may be several, the newest first. The newest encrypts and derives; all of them decrypt, and recognise
what they have derived, so that a secret is replaced without anything being lost (`masthead keys rotate`).
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SHORTEST: Final = 32
"""Characters that a secret has at least."""
ENCRYPTION: Final = "encryption at rest"


class Unreadable(Exception):
    """What was sealed with none of the secrets, or has been changed."""


class Keyring:
    """Seals texts with the newest of `secrets`, and opens what any of them has sealed.

    Encryption is Fernet's: AES-128 in CBC mode with an HMAC of SHA-256
    (https://github.com/fernet/spec/blob/master/Spec.md).
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = tuple(secrets)
        self._fernet = MultiFernet([_fernet(secret) for secret in secrets])

    def seal(self, text: str) -> str:
        """The text, encrypted; different each time."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text that was sealed; raises Unreadable."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise Unreadable("It was sealed with another secret, or has been changed.") from None

    def reseal(self, sealed: str) -> str:
        """The same text, sealed with the newest secret; raises Unreadable."""
        try:
            return self._fernet.rotate(sealed).decode()
        except InvalidToken:
            raise Unreadable("It was sealed with another secret, or has been changed.") from None

    def derivations(self, purpose: str) -> list[bytes]:
        """What each secret gives for the purpose, the newest first: 32 bytes (HKDF, RFC 5869).

        Derive with the first, and recognise what was derived with any.
        """
        return [derived(secret, purpose) for secret in self._secrets]


def derived(secret: str, purpose: str) -> bytes:
    """32 bytes of the secret for one purpose (HKDF with SHA-256, RFC 5869)."""
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret.encode())


def _fernet(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(derived(secret, ENCRYPTION)))
