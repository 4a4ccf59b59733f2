"""The only place where a request's Context is built."""

from starlette.requests import Request

from db.database import Database
from loaders import Loaders
from resolvers.context import Context


def build(request: Request, database: Database) -> Context:
    """What the resolvers of one request share; nobody signs in yet, so the viewer is the public."""
    viewer = None
    return Context(
        viewer=viewer,
        loaders=Loaders(database, viewer),
        database=database,
        request_id=request.state.request_id,
    )
