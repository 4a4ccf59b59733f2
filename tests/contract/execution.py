"""Runs operations on the schema as the endpoint does, without HTTP."""

from typing import Any

from db.database import Database
from db.viewer import Viewer
from resolvers.context import make_context
from resolvers.schema import schema
from tests.contract.operations import Operation


async def execute(
    database: Database, text: str, viewer: Viewer | None = None, **variables: Any
) -> dict[str, Any]:
    """The data of an operation that must not fail."""
    result = await schema.execute(
        text, variables, context_value=make_context(database, viewer, "test")
    )
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data


async def run(database: Database, operation: Operation, **variables: Any) -> dict[str, Any]:
    return await execute(database, operation.text, **variables)
