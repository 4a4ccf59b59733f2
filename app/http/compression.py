"""Compressed answers, for those who take them."""

from starlette.types import Receive, Scope, Send
from starlette_compress import CompressMiddleware

from app.headers import header


class Compression(CompressMiddleware):
    """Leaves requests for data alone that do not say what they take: nobody keeps their answers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        is_for_data = scope["type"] == "http" and scope["method"] == "POST"
        if is_for_data and not header(scope, b"accept-encoding"):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
