"""Runs operations on the schema as the endpoint does, without HTTP."""

from typing import Any

from graphql import GraphQLFormattedError

from db.database import Database
from db.viewer import Client, Viewer
from engine import Engine
from resolvers.context import Exchange, make_context
from resolvers.schema import schema
from tests.contract.operations import Operation

ENGINE = Engine(schema)


async def execute(
    database: Database, text: str, viewer: Viewer | None = None, **variables: Any
) -> dict[str, Any]:
    """The data of an operation that must not fail, the same by stock Strawberry and by the engine."""
    context = make_context(database, viewer, Exchange(Client("test")))
    stock = await schema.execute(text, variables, context_value=context)
    data = await served(database, text, viewer, **variables)
    assert (data, []) == (stock.data, formatted(stock.errors))
    return data


async def served(
    database: Database, text: str, viewer: Viewer | None = None, **variables: Any
) -> dict[str, Any]:
    """The data of an operation that must not fail."""
    context = make_context(database, viewer, Exchange(Client("test")))
    result = await ENGINE.execute(text, variables, context=context)
    assert formatted(result.errors) == []
    assert result.data is not None
    return result.data


def formatted(errors: Any) -> list[GraphQLFormattedError]:
    return [error.formatted for error in errors or ()]


async def run(database: Database, operation: Operation, **variables: Any) -> dict[str, Any]:
    return await execute(database, operation.text, **variables)
