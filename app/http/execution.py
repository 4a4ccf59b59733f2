"""From a document's text to a result: the only module that knows which executor runs it."""

from functools import lru_cache
from inspect import isawaitable
from typing import Any, Final, NamedTuple

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    validate,
)
from graphql import execute as execute_document

# Far above what applications send. Validation is quadratic in the fields of one selection: at
# this size it takes half a second at worst.
MAX_TOKENS: Final = 2_000
MAX_COMMENTS: Final = 500

# Documents, and characters of each: at 0.5 kB a token, some 250 MB at the very worst.
CACHED_DOCUMENTS: Final = 128
CACHED_LENGTH: Final = 8_000


class Document(NamedTuple):
    """A parsed document; it can be executed when it has no `errors`."""

    ast: DocumentNode
    errors: list[GraphQLError]


def prepare(schema: GraphQLSchema, source: str) -> Document:
    """Parses and validates, as a rule once per text. Raises GraphQLError (GRAPHQL_PARSE_FAILED)."""
    if len(source) > CACHED_LENGTH:
        return _prepare(schema, source)
    return _prepare_once(schema, source)


def _prepare(schema: GraphQLSchema, source: str) -> Document:
    try:
        ast = parse(source, max_lexical_tokens=MAX_TOKENS, max_comments=MAX_COMMENTS)
    except GraphQLError as error:
        raise _coded("GRAPHQL_PARSE_FAILED", error) from None
    errors = validate(schema, ast)
    return Document(ast, [_coded("GRAPHQL_VALIDATION_FAILED", error) for error in errors])


_prepare_once = lru_cache(CACHED_DOCUMENTS)(_prepare)


def select(document: Document, name: str | None) -> OperationDefinitionNode:
    """The operation that a request means (GraphQL specification, section 6.1, GetOperation).

    Raises GraphQLError (OPERATION_RESOLUTION_FAILURE) when there is none, or no single one.
    """
    operation = get_operation_ast(document.ast, name)
    if operation is not None:
        return operation
    message = (
        f'The document has no operation named "{name}".'
        if name
        else 'The document must have exactly one operation, or "operationName" must choose one.'
    )
    raise _coded("OPERATION_RESOLUTION_FAILURE", GraphQLError(message))


async def execute(
    schema: GraphQLSchema,
    document: Document,
    operation_name: str | None,
    variables: dict[str, Any] | None,
    context: object,
) -> ExecutionResult:
    """Runs one operation of a valid document; failures come back as the result's errors."""
    outcome = execute_document(
        schema,
        document.ast,
        context_value=context,
        variable_values=variables,
        operation_name=operation_name,
    )
    return await outcome if isawaitable(outcome) else outcome


def _coded(code: str, error: GraphQLError) -> GraphQLError:
    error.extensions = {**(error.extensions or {}), "code": code}
    return error
