"""Which other sites' pages may read answers: cross-origin resource sharing.

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.headers import header
from app.settings import ANY_ORIGIN

METHODS: Final = b"GET, HEAD, OPTIONS, POST"
# What pages may read besides the body.
EXPOSED: Final = b"RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"
# Seconds for which a browser need not ask again; Chrome takes no more.
KEPT: Final = b"7200"

Headers = list[tuple[bytes, bytes]]


class Cors:
    """Answers the questions that browsers ask before, and marks what their pages may read.

    Pages of these origins may send any header, and cookies. With "*" pages of all may, but no cookies.
    Others' requests are answered as if there were no CORS, and their browsers keep the answer from them.
    """

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self.app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        allowed = self._allowed(header(scope, b"origin"))
        if allowed and _is_preflight(scope):
            return await _answer(send, [*allowed, *_permissions(scope)])

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                _mark(message, allowed)
            await send(message)

        return await self.app(scope, receive, marked)

    def _allowed(self, origin: str) -> Headers:
        if origin in self._origins:
            return [
                (b"access-control-allow-origin", origin.encode("latin-1")),
                (b"access-control-allow-credentials", b"true"),
            ]
        if origin and ANY_ORIGIN in self._origins:
            return [(b"access-control-allow-origin", b"*")]
        return []


def _is_preflight(scope: Scope) -> bool:
    asked = header(scope, b"access-control-request-method")
    return bool(asked) and scope["method"] == "OPTIONS"


def _permissions(scope: Scope) -> Headers:
    asked = header(scope, b"access-control-request-headers")
    return [
        (b"access-control-allow-methods", METHODS),
        (b"access-control-max-age", KEPT),
        (b"vary", b"Origin, Access-Control-Request-Headers"),
        *([(b"access-control-allow-headers", asked.encode("latin-1"))] if asked else []),
    ]


async def _answer(send: Send, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _mark(message: Message, allowed: Headers) -> None:
    """A cache must tell origins apart, also where the first to ask was none."""
    headers: Headers = message["headers"]
    varying = [value for name, value in headers if name == b"vary"]
    message["headers"] = [
        *[pair for pair in headers if pair[0] != b"vary"],
        (b"vary", b", ".join([*varying, b"Origin"])),
        *([*allowed, (b"access-control-expose-headers", EXPOSED)] if allowed else []),
    ]
