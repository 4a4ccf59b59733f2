"""Opaque tokens: random strings whose digest alone is stored."""

import hmac
import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final, NamedTuple
from zlib import crc32

BYTES: Final = 32
"""Random bytes of a token: as many as a digest has."""
PREFIX: Final = "mh_"
"""What API keys begin with."""
KEY: Final = re.compile(r"mh_([0-9a-f]{12})_([A-Za-z0-9_-]{43})_([0-9a-f]{8})")


def new_token() -> str:
    """43 characters that nobody can guess."""
    return token_urlsafe(BYTES)


def digest(token: str) -> str:
    """What is stored of a token. It has enough randomness for a plain hash: nothing can be guessed."""
    return sha256(token.encode()).hexdigest()


def successor(token: str, salt: str, key: bytes) -> str:
    """The token that follows `token`: whoever presents the same one gets the same next one.

    Neither the database, which has the salt, nor the key alone is enough to make it.
    """
    made = hmac.digest(key, f"{salt}.{token}".encode(), "sha256")
    return urlsafe_b64encode(made).rstrip(b"=").decode()


class Key(NamedTuple):
    """An API key in its parts: `mh_<public>_<secret>_<checksum>`."""

    public: str
    secret: str

    def __str__(self) -> str:
        body = f"mh_{self.public}_{self.secret}"
        return f"{body}_{checksum(body)}"


def new_key() -> Key:
    """A fresh API key; `public` may be shown, and finds it."""
    return Key(sha256(token_urlsafe(BYTES).encode()).hexdigest()[:12], new_token())


def parse_key(text: str) -> Key | None:
    """The key that the text is; None when it is none, or mistyped, so that no database is asked."""
    match = KEY.fullmatch(text)
    if match is None or checksum(text[:-9]) != match[3]:
        return None
    return Key(match[1], match[2])


def checksum(body: str) -> str:
    """CRC-32 in hexadecimal digits: it finds typing errors, and lets scanners recognise leaked keys."""
    return f"{crc32(body.encode()):08x}"
