"""Headers as ASGI has them: pairs of bytes, names in lower case."""

from collections.abc import Iterable

from starlette.types import Message, Scope


def header(scope: Scope, name: bytes) -> str:
    """A request's header, or "" without one; what came in several lines is one list (RFC 9110, 5.3)."""
    values = [value for given, value in scope["headers"] if given == name]
    return b", ".join([value.strip(b" \t") for value in values]).decode("latin-1") if values else ""


def add_missing(message: Message, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Adds those of `headers` that the start of a response does not have."""
    present = dict(message["headers"])
    missing = [pair for pair in headers if pair[0] not in present]
    message["headers"] = [*message["headers"], *missing]
