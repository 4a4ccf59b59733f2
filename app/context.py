"""The only place where a request's Context is built."""

from starlette.requests import Request

from app.auth.viewers import Asking
from app.client import client_of
from app.explanation import Explanation
from db.authority import Authority
from db.database import Database
from resolvers.context import Context, Exchange, make_context


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
    exchange = Exchange(client_of(request.scope), explanation, asking.cookie)
    return make_context(database, asking.viewer, exchange, authority, deadline, observer)
