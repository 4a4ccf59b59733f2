"""From exceptions to what a client sees: domain errors with their code, everything else masked."""

from typing import Any

from graphql import GraphQLError
from graphql.error import GraphQLFormattedError

from db.errors import DomainError, Invalid

MASKED = "Internal server error"


def is_unexpected(error: GraphQLError) -> bool:
    """Whether the error is a fault of ours, to be logged and masked."""
    original = error.original_error
    return original is not None and not isinstance(original, (DomainError, GraphQLError))


def present(error: GraphQLError, request_id: str) -> GraphQLFormattedError:
    """The error as it stands in the response: message, locations, path and `extensions.code`.

    An unexpected error shows nothing of itself but the request's id, by which the log has it.
    """
    if is_unexpected(error):
        masked = GraphQLError(
            MASKED,
            nodes=error.nodes,
            path=error.path,
            extensions={"code": "INTERNAL_SERVER_ERROR", "requestId": request_id},
        )
        return masked.formatted
    formatted = error.formatted
    formatted["extensions"] = {**extensions_of(error), **(error.extensions or {})}
    return formatted


def extensions_of(error: GraphQLError) -> dict[str, Any]:
    match error.original_error:
        case Invalid(fields=fields) as invalid if fields:
            listed = [{"path": list(field.path), "message": field.message} for field in fields]
            return {"code": invalid.code, "fields": listed}
        case DomainError(code=code):
            return {"code": code}
    return {"code": "BAD_USER_INPUT"}
