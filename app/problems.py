"""Requests that are refused as a whole: each code a client may meet, and its HTTP status."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from starlette.exceptions import HTTPException

STATUS: Final[Mapping[str, HTTPStatus]] = {
    "BAD_REQUEST": HTTPStatus.BAD_REQUEST,
    "BAD_USER_INPUT": HTTPStatus.BAD_REQUEST,
    "GRAPHQL_PARSE_FAILED": HTTPStatus.BAD_REQUEST,
    "GRAPHQL_VALIDATION_FAILED": HTTPStatus.BAD_REQUEST,
    "OPERATION_RESOLUTION_FAILURE": HTTPStatus.BAD_REQUEST,
    "INTROSPECTION_DISABLED": HTTPStatus.BAD_REQUEST,
    # The status of Apollo's protocol: another, and its clients give up persisted queries.
    "PERSISTED_QUERY_NOT_FOUND": HTTPStatus.OK,
    "PERSISTED_QUERY_NOT_SUPPORTED": HTTPStatus.OK,
    "PERSISTED_QUERY_MISMATCH": HTTPStatus.BAD_REQUEST,
    "PERSISTED_QUERY_ONLY": HTTPStatus.BAD_REQUEST,
    "UNAUTHENTICATED": HTTPStatus.UNAUTHORIZED,
    "CSRF_PREVENTED": HTTPStatus.FORBIDDEN,
    "NOT_FOUND": HTTPStatus.NOT_FOUND,
    "METHOD_NOT_ALLOWED": HTTPStatus.METHOD_NOT_ALLOWED,
    "NOT_ACCEPTABLE": HTTPStatus.NOT_ACCEPTABLE,
    "REQUEST_TIMEOUT": HTTPStatus.REQUEST_TIMEOUT,
    "PAYLOAD_TOO_LARGE": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "URI_TOO_LONG": HTTPStatus.REQUEST_URI_TOO_LONG,
    "UNSUPPORTED_MEDIA_TYPE": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "RATE_LIMITED": HTTPStatus.TOO_MANY_REQUESTS,
    "INTERNAL_SERVER_ERROR": HTTPStatus.INTERNAL_SERVER_ERROR,
    "SERVICE_UNAVAILABLE": HTTPStatus.SERVICE_UNAVAILABLE,
    "TIMEOUT": HTTPStatus.GATEWAY_TIMEOUT,
}


class Problem(HTTPException):
    """A request refused before it was executed; `code` is one of STATUS, `detail` for the client.

    `extensions` stand beside the code in the answer.
    """

    def __init__(
        self, code: str, detail: str, headers: Mapping[str, str] | None = None, **extensions: Any
    ) -> None:
        super().__init__(STATUS[code], detail, headers)
        self.code = code
        self.extensions = extensions


def told(refusal: HTTPException) -> dict[str, Any]:
    """The refusal as an entry of a response's `errors`."""
    extensions = refusal.extensions if isinstance(refusal, Problem) else {}
    return error(code_of(refusal), refusal.detail, **extensions)


def code_of(refusal: HTTPException) -> str:
    """The code of a refusal, also of one that the router raised (404 and 405)."""
    if isinstance(refusal, Problem):
        return refusal.code
    return next(
        (code for code, status in STATUS.items() if status == refusal.status_code),
        "BAD_REQUEST",
    )


def error(code: str, message: str, **extensions: Any) -> dict[str, Any]:
    """One entry of a response's `errors` that belongs to no field."""
    return {"message": message, "extensions": {"code": code, **extensions}}
