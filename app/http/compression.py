"""Compressed answers, for those who take them."""

from starlette.types import Receive, Scope, Send
from starlette_compress import CompressMiddleware

from app.headers import header


class Compression(CompressMiddleware):
    """Leaves requests alone that do not say what they take: their answers are as they are."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http" and header(scope, b"accept-encoding"):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)
