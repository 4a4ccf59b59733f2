"""Headers as ASGI has them: pairs of bytes, names in lower case."""

from collections.abc import Iterable
from typing import Final

from starlette.types import Message, Scope

# Where a request's headers are kept in its scope, once one has been asked for.
BY_NAME: Final = "masthead.headers"


def header(scope: Scope, name: bytes) -> str:
    """A request's header, or "" without one; what came in several lines is one list (RFC 9110, 5.3)."""
    headers = scope.get(BY_NAME)
    if headers is None:
        headers = scope[BY_NAME] = _joined(scope["headers"])
    value: bytes | None = headers.get(name)
    return value.strip(b" \t").decode("latin-1") if value else ""


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    by_name: dict[bytes, bytes] = {}
    for name, value in headers:
        known = by_name.get(name)
        by_name[name] = value if known is None else b", ".join((known.strip(b" \t"), value))
    return by_name


def add_missing(message: Message, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Adds those of `headers` that the start of a response does not have."""
    present = dict(message["headers"])
    missing = [pair for pair in headers if pair[0] not in present]
    message["headers"] = [*message["headers"], *missing]
