"""Headers as ASGI has them: pairs of bytes, names in lower case."""

from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

DEFAULTS: Final = (
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class DefaultHeaders:
    """Adds DEFAULTS to every response, where it does not say otherwise itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def send_with_defaults(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_missing(message, DEFAULTS)
            await send(message)

        await self.app(scope, receive, send_with_defaults)


def header(scope: Scope, name: bytes) -> str:
    """A request's header, or "" without one; what came in several lines is one list (RFC 9110, 5.3)."""
    values = [value.strip(b" \t") for given, value in scope["headers"] if given == name]
    return b", ".join(values).decode("latin-1")


def add_missing(message: Message, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Adds those of `headers` that the start of a response does not have."""
    present = {name for name, _ in message["headers"]}
    missing = [pair for pair in headers if pair[0] not in present]
    message["headers"] = [*message["headers"], *missing]
