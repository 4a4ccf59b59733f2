"""Recovery codes: for the day when the second factor is lost."""

from base64 import b32encode
from secrets import token_bytes
from typing import Final

from identity.opaque import digest

COUNT: Final = 10
"""How many codes a person has."""
# 120 bits: from 112 on, a code needs no slow hash (NIST SP 800-63B, section 3.1.2.2).
BYTES: Final = 15
GROUP: Final = 4


def new_codes() -> list[str]:
    """COUNT fresh codes, to be shown once: `abcd-efgh-ijkl-mnop-qrst-uvwx`."""
    return [new_code() for _ in range(COUNT)]


def new_code() -> str:
    letters = b32encode(token_bytes(BYTES)).decode().lower()
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def code_digest(code: str) -> str:
    """What is stored of a code, however it is typed: in capitals, with spaces, without hyphens."""
    return digest("".join(code.replace("-", " ").split()).lower())
