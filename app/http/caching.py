"""What caches between us and the public may keep (RFC 9111)."""

from collections.abc import Mapping
from typing import Final

from graphql import ExecutionResult

from app.http.parameters import Parameters

# Who shows a credential, or wants another representation, must not be given what was kept.
VARY: Final = "Accept, Authorization, Cookie"


def caching(parameters: Parameters, result: ExecutionResult, seconds: int) -> Mapping[str, str]:
    """The headers of a public GET: it may be kept for `seconds` when its document came by an id, and
    all of it succeeded; else {}.
    """
    if parameters.query is not None or result.errors or result.extensions or not seconds:
        return {}
    return {"Cache-Control": f"public, max-age={seconds}", "Vary": VARY}
