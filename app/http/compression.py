"""Compressed answers, for those who take them."""

from starlette.types import Receive, Scope, Send
from starlette_compress import CompressMiddleware


class Compression(CompressMiddleware):
    """Leaves requests alone that do not say what they take: their answers are as they are."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if any(name == b"accept-encoding" for name, _ in scope.get("headers", ())):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)
