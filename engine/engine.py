"""One engine a schema: from a request's text and variables to its result."""

from inspect import isawaitable
from typing import Any

import strawberry
from graphql import ExecutionResult, GraphQLSchema, execute, parse, validate


class Engine:
    """Executes operations of one schema; safe to share between requests of one event loop."""

    def __init__(self, schema: strawberry.Schema | GraphQLSchema) -> None:
        self.schema = schema if isinstance(schema, GraphQLSchema) else schema._schema

    async def execute(
        self,
        source: str,
        variables: dict[str, Any] | None = None,
        operation_name: str | None = None,
        context: object = None,
        root: object = None,
    ) -> ExecutionResult:
        """Runs one operation of the document; failures come back as the result's errors."""
        document = parse(source)
        errors = validate(self.schema, document)
        if errors:
            return ExecutionResult(data=None, errors=errors)
        outcome = execute(self.schema, document, root, context, variables, operation_name)
        return await outcome if isawaitable(outcome) else outcome
