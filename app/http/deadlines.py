"""How long a request may take."""

import re
from typing import Final

from starlette.requests import Request

from app.headers import header
from app.problems import Problem

HEADER: Final = "X-Request-Timeout"
# Seconds that the database has to stop a statement, and send what others that went with it found.
MARGIN: Final = 0.2
SECONDS: Final = re.compile(r"(?=\.?[0-9])[0-9]*(\.[0-9]*)?")


def seconds_for(request: Request, most: float) -> float:
    """`most`, or less when the client's header says so.

    Raises Problem (BAD_REQUEST) for a header that is no positive number.
    """
    given = header(request.scope, b"x-request-timeout")
    if not given:
        return most
    seconds = float(given) if SECONDS.fullmatch(given) else 0.0
    if not seconds:
        raise Problem("BAD_REQUEST", f'The header "{HEADER}" must be seconds above 0, as in "2.5".')
    return min(seconds, most)


def reading_seconds(seconds: float) -> float:
    """How long statements may take: a little less, for what else they have read must still arrive."""
    return seconds - min(seconds / 5, MARGIN)
