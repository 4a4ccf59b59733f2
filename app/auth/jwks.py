"""The keys that verify our access tokens, for everybody: a JSON Web Key Set (RFC 7517, section 5)."""

from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from db.authority import Authority

PATH: Final = "/.well-known/jwks.json"
# A new key is announced longer before it signs (`db.signing_keys.NOTICE`).
CACHED: Final = {"Cache-Control": "public, max-age=300"}


def routes(authority: Authority) -> list[BaseRoute]:
    """The one address."""

    async def answer(_request: Request) -> Response:
        keys = orjson.dumps(await authority.signing_keys.jwks())
        return Response(keys, media_type="application/jwk-set+json", headers=CACHED)

    return [Route(PATH, answer)]
