"""From exceptions to what a client sees: domain errors with their code, everything else masked."""

from typing import Any

from graphql import FieldNode, GraphQLError
from graphql.error import GraphQLFormattedError

from db.errors import Conflict, DomainError, Invalid, RateLimited
from engine import DeadlineExceededError

MASKED = "Internal server error"


def is_unexpected(error: GraphQLError) -> bool:
    """Whether the error is a fault of ours, to be logged and masked.

    GraphQL's own errors are the client's when they are about a document, variable or argument. One at
    a field itself is about the value that we gave for it, such as an Int beyond 32 bits.
    """
    original = error.original_error
    if original is None or isinstance(original, GraphQLError):
        return error.path is not None and isinstance(next(iter(error.nodes or ()), None), FieldNode)
    return not isinstance(original, (DomainError, DeadlineExceededError))


def present(error: GraphQLError, request_id: str, details: bool = False) -> GraphQLFormattedError:
    """The error as it stands in the response: message, locations, path and `extensions.code`.

    An unexpected error shows nothing of itself but the request's id, by which the log has it, unless
    its `details` may be shown: then, `extensions.exception` has its class and message.
    """
    if is_unexpected(error):
        shown = {"exception": exception_of(error)} if details else {}
        masked = GraphQLError(
            MASKED,
            nodes=error.nodes,
            path=error.path,
            extensions={"code": "INTERNAL_SERVER_ERROR", "requestId": request_id, **shown},
        )
        return masked.formatted
    formatted = error.formatted
    formatted["extensions"] = {**extensions_of(error), **(error.extensions or {})}
    return formatted


def exception_of(error: GraphQLError) -> dict[str, str]:
    """What a developer wants to know first; the log has the traceback."""
    original = error.original_error or error
    return {"class": type(original).__name__, "message": str(original)}


def extensions_of(error: GraphQLError) -> dict[str, Any]:
    match error.original_error:
        case Invalid(code=code, fields=fields) | Conflict(code=code, fields=fields) if fields:
            listed = [{"path": list(field.path), "message": field.message} for field in fields]
            return {"code": code, "fields": listed}
        case RateLimited(code=code, retry_after=seconds):
            return {"code": code, "retryAfter": seconds}
        case DomainError(code=code):
            return {"code": code}
    return {"code": "BAD_USER_INPUT"}
