"""The only place where a request's Context is built."""

from starlette.requests import Request

from app.explanation import Explanation
from db.database import Database
from resolvers.context import Context, make_context


def build(
    request: Request, database: Database, deadline: float, explanation: Explanation | None
) -> Context:
    """What the resolvers of one request share; nobody signs in yet, so the viewer is the public."""
    observer = None if explanation is None else explanation.observe
    request_id = request.scope["state"]["request_id"]
    return make_context(database, None, request_id, deadline, explanation, observer)
