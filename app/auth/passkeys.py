"""Which origins may use our passkeys, for browsers: related origin requests (WebAuthn 3, section 5.11)."""

from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from db.authority import Authority

PATH: Final = "/.well-known/webauthn"


def routes(authority: Authority) -> list[BaseRoute]:
    """The one address."""
    origins = orjson.dumps({"origins": authority.relying_party.origins})

    async def answer(_request: Request) -> Response:
        return Response(origins, media_type="application/json")

    return [Route(PATH, answer)]
