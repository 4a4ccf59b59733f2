"""Which operation of a document a request means."""

from graphql import GraphQLError, OperationDefinitionNode, get_operation_ast

from engine import Document


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
    raise GraphQLError(message, extensions={"code": "OPERATION_RESOLUTION_FAILURE"})
