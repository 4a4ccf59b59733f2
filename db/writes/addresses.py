"""E-mail addresses, as people write them."""

import re
from collections.abc import Sequence

from db.errors import FieldError, Invalid

# "A valid e-mail address" of the HTML standard, with at least one dot in the domain.
LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
ADDRESS = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{LABEL}(?:\.{LABEL})+")
LONGEST = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets


def email_address(text: str, path: Sequence[str] = ("input", "email")) -> str:
    """The address without the spaces around it. Raises Invalid, at `path`, for what is none."""
    address = text.strip()
    if len(address) > LONGEST or ADDRESS.fullmatch(address) is None:
        message = "This is not an e-mail address."
        raise Invalid(message, [FieldError(tuple(path), message)])
    return address
