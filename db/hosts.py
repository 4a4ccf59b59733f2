"""Hosts: the names that publications are found by, in one normal form."""

import re

from db.errors import FieldError, Invalid

# A name of RFC 1123 (letters, digits, inner hyphens, 63 characters a label) or an IPv4 address.
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*")


def normalise_host(host: str) -> str:
    """`Www.Example.org:8000` -> `example.org`: lower case, without port, leading `www.` and final dot.

    A name in another script becomes its ASCII form (IDNA). Raises Invalid when it is no host at all.
    """
    name = re.sub(r":\d*$", "", host.strip().lower()).removesuffix(".").removeprefix("www.")
    name = _ascii(name)
    if len(name) > 253 or NAME.fullmatch(name) is None:
        message = f"{host!r} is not a host name."
        raise Invalid(message, [FieldError(("host",), message)])
    return name


def _ascii(name: str) -> str:
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return ""
