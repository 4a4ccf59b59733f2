"""The only place where a request's Context is built."""

from starlette.requests import Request

from app.auth.viewers import Asking
from app.explanation import Explanation
from app.headers import header
from db.authority import Authority
from db.database import Database
from db.viewer import Client
from resolvers.context import Context, Exchange, make_context

# What is kept of a User-Agent.
LONGEST = 300


def build(
    request: Request,
    database: Database,
    authority: Authority | None,
    asking: Asking,
    deadline: float,
    explanation: Explanation | None,
) -> Context:
    """What the resolvers of one request share."""
    observer = None if explanation is None else explanation.observe
    exchange = Exchange(client_of(request), explanation, asking.cookie)
    return make_context(database, asking.viewer, exchange, authority, deadline, observer)


def client_of(request: Request) -> Client:
    """Who sent the request, as far as the connection and its headers say."""
    scope = request.scope
    address = scope["client"][0] if scope.get("client") else None
    agent = header(scope, b"user-agent")[:LONGEST] or None
    return Client(scope["state"]["request_id"], address, agent)
