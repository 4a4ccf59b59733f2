"""Masthead's schema under stock Strawberry: one `schema.execute` a request, nothing else."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db.database import Database
from db.viewer import Client
from resolvers.context import Exchange, make_context
from resolvers.schema import schema

database = Database(os.environ["DATABASE_URL"])


async def graphql(request: Request) -> Response:
    parameters = orjson.loads(await request.body())
    result = await schema.execute(
        parameters["query"],
        parameters.get("variables"),
        context_value=make_context(database, None, Exchange(Client("bench"))),
    )
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [error.formatted for error in result.errors]
    return Response(orjson.dumps(answer), media_type="application/json")


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    yield
    await database.dispose()


app = Starlette(routes=[Route("/graphql", graphql, methods=["POST"])], lifespan=lifespan)
