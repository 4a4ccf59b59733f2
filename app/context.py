"""The only place where a request's Context is built."""

from starlette.requests import Request

from db.database import Database
from resolvers.context import Context, make_context


def build(request: Request, database: Database) -> Context:
    """What the resolvers of one request share; nobody signs in yet, so the viewer is the public."""
    return make_context(database, None, request.state.request_id)
