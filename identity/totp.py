"""Codes of authenticator apps (TOTP, RFC 6238): six digits, a new one every 30 seconds."""

import re
from datetime import datetime
from typing import Final

from pyotp import TOTP, random_base32
from pyotp.exceptions import OTPVerificationError

DRIFT: Final = 1
"""How many steps the person's clock may be early or late (RFC 6238, section 5.2, recommends one)."""
DIGITS: Final = re.compile("[0-9]{6}")


def new_seed() -> str:
    """160 random bits in base32, as many as RFC 4226, section 4, recommends."""
    return random_base32()


def address_of(seed: str, account: str, issuer: str) -> str:
    """The `otpauth:` address that apps read from a QR code."""
    return TOTP(seed).provisioning_uri(name=account, issuer_name=issuer)


def step_of(seed: str, code: str, now: datetime) -> int | None:
    """The step of time that the code belongs to, of the three around `now`; None for a wrong code.

    Who takes it remembers the step, and none up to that again (RFC 6238, section 5.2).
    """
    digits = code.replace(" ", "")
    if not DIGITS.fullmatch(digits):
        return None
    try:
        return TOTP(seed).verify_and_get_timecode(digits, for_time=now, valid_window=DRIFT)
    except OTPVerificationError:
        return None
