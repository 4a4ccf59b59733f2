"""From a result or a refusal to bytes, status and headers.

https://graphql.github.io/graphql-over-http/draft/#sec-Response
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import orjson
import structlog
from graphql import ExecutionResult, GraphQLError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.headers import header
from app.http.accept import negotiate
from app.observability import note
from app.problems import STATUS, code_of, error, told
from resolvers.errors import is_unexpected, present

JSON: Final = "application/json"
GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
# The first is what clients get that do not care.
RESULT_TYPES: Final = (JSON, GRAPHQL_RESPONSE)

RETRY_AFTER: Final = {"Retry-After": "2"}
NOT_KEPT: Final = {"Cache-Control": "no-store"}

log = structlog.get_logger(__name__)


def accepted(request: Request, offers: tuple[str, ...] = RESULT_TYPES) -> str | None:
    """The media type among `offers` that the request wants, None when it takes none of them."""
    return negotiate(header(request.scope, b"accept"), offers)


class JSONResponse(NamedTuple):
    """An ASGI application that answers with JSON in UTF-8, whole and at once."""

    media_type: str
    status: int
    content: bytes
    headers: Mapping[str, str]

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """ASGI; to HEAD the server sends no body."""
        headers = [
            (b"content-type", self.media_type.encode() + b"; charset=utf-8"),
            (b"content-length", b"%d" % len(self.content)),
            *[(name.lower().encode(), value.encode()) for name, value in self.headers.items()],
        ]
        if "Vary" not in self.headers:
            headers.append((b"vary", b"Accept"))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.content})


def respond(
    media_type: str,
    body: Mapping[str, Any],
    status: int,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A response of this body."""
    return JSONResponse(media_type, status, orjson.dumps(body), headers or {})


def result_response(
    media_type: str,
    result: ExecutionResult,
    request_id: str,
    headers: Mapping[str, str] | None = None,
    details: bool = False,
) -> JSONResponse:
    """A result, well-formed whatever went wrong in it.

    `data` is left out when no field was reached, and when the database was away and nothing was
    answered: then, and only then, a client may take the status for the whole story. With `details`
    faults say which exception they were.
    """
    if not result.errors and not result.extensions:
        return respond(media_type, {"data": result.data}, HTTPStatus.OK, headers)
    _log_faults(result.errors or ())
    errors = [present(failure, request_id, details) for failure in result.errors or ()]
    codes = [failure["extensions"]["code"] for failure in errors]
    note(error_codes=sorted(set(codes)))
    if "SERVICE_UNAVAILABLE" in codes and not _answered(result):
        status = STATUS["SERVICE_UNAVAILABLE"]
        return respond(media_type, {"errors": errors}, status, RETRY_AFTER | NOT_KEPT)
    reached = result.data is not None or any(failure.path for failure in result.errors or ())
    if codes == ["RATE_LIMITED"] and not reached:
        seconds = errors[0]["extensions"]["retryAfter"]
        again = {**(headers or {}), "Retry-After": str(seconds)}
        return respond(media_type, {"errors": errors}, STATUS["RATE_LIMITED"], again)
    body: dict[str, Any] = {"errors": errors} if errors else {}
    if result.extensions:
        body["extensions"] = result.extensions
    return respond(
        media_type,
        body | {"data": result.data} if reached else body,
        HTTPStatus.OK if reached or media_type == JSON else _status(codes),
        headers,
    )


def refusal_response(request: Request, refusal: HTTPException) -> JSONResponse:
    """A refused request, an unknown address or a wrong method; the exception handler for them."""
    note(error_codes=[code_of(refusal)])
    return respond(
        accepted(request) or JSON,
        {"errors": [told(refusal)]},
        refusal.status_code,
        {**NOT_KEPT, **(refusal.headers or {})},
    )


def fault_response(request: Request, _fault: Exception) -> JSONResponse:
    """An exception that nothing expected; the server logs its traceback under the request id."""
    request_id = request.state.request_id
    masked = error("INTERNAL_SERVER_ERROR", "Internal server error", requestId=request_id)
    return respond(
        accepted(request) or JSON,
        {"errors": [masked]},
        HTTPStatus.INTERNAL_SERVER_ERROR,
        {"X-Request-ID": request_id},
    )


def disconnected_response(_request: Request) -> Response:
    """Nobody reads it; 499 is how nginx logs a client that went away."""
    return Response(status_code=499)


def _log_faults(failures: Sequence[GraphQLError]) -> None:
    """Logs each fault once, however many objects have it: with their number and the first's path."""
    faults: dict[int, list[GraphQLError]] = {}
    for failure in filter(is_unexpected, failures):
        faults.setdefault(id(failure.original_error or failure), []).append(failure)
    for first, *others in faults.values():
        log.error(
            "field failed",
            field=first.path,
            count=1 + len(others),
            exc_info=first.original_error,
        )


def _answered(result: ExecutionResult) -> bool:
    return any(value is not None for value in (result.data or {}).values())


def _status(codes: Sequence[str]) -> HTTPStatus:
    return STATUS.get(codes[0], HTTPStatus.BAD_REQUEST)
