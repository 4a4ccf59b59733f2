"""The program that sent a request."""

from typing import Final

from starlette.types import Scope

from app.headers import header
from db.viewer import Client

# What is kept of a User-Agent.
LONGEST: Final = 300


def client_of(scope: Scope) -> Client:
    """Who sent the request, as far as the connection and its headers say."""
    address = scope["client"][0] if scope.get("client") else None
    agent = header(scope, b"user-agent")[:LONGEST] or None
    return Client(scope["state"]["request_id"], address, agent)
