"""/graphql: one request, one operation, one response."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
)
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app import context, graphiql
from app.auth.credentials import set_cookie
from app.auth.viewers import PUBLIC, Asking, Viewers
from app.explanation import wanted
from app.http.budgets import FAILURE, Budgets, headers_of
from app.http.caching import caching
from app.http.deadlines import reading_seconds, seconds_for
from app.http.disconnects import unless_disconnected
from app.http.documents import DocumentStore
from app.http.parameters import MEANING, Parameters, from_body, from_url, url_pairs
from app.http.responses import (
    NOT_KEPT,
    RESULT_TYPES,
    JSONResponse,
    accepted,
    disconnected_response,
    refusal_response,
    result_response,
)
from app.observability import note
from app.problems import Problem
from app.settings import Settings
from db.database import Database
from db.errors import DomainError, RateLimited
from db.viewer import Viewer
from engine import Document, Engine
from engine.errors import DeadlineExceededError
from engine.operations import choose
from resolvers.context import Context, Exchange

PATH: Final = "/graphql"
ALLOWED: Final = "GET, HEAD, OPTIONS, POST"
HTML: Final = "text/html"

Answer = tuple[ExecutionResult, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Answers at PATH, and leaves all else to `app`.

    It stands before the router: what that does for each request would be a thirtieth of the time.
    """

    app: ASGIApp
    settings: Settings
    database: Database
    engine: Engine
    documents: DocumentStore
    budgets: Budgets
    viewers: Viewers | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["path"] != PATH:
            return await self.app(scope, receive, send)
        request = Request(scope, receive)
        response: Response | JSONResponse
        try:
            response = await self._response(request)
        except Problem as problem:
            response = refusal_response(request, problem)
        except ClientDisconnect:
            response = disconnected_response(request)
        return await response(scope, receive, send)

    async def _response(self, request: Request) -> Response | JSONResponse:
        """HEAD is a GET whose body the server leaves out. Raises Problem, or ClientDisconnect."""
        match request.method:
            case "OPTIONS":
                return Response(status_code=204, headers={"Allow": ALLOWED})
            case "POST":
                media_type = _media_type(request)
                seconds = seconds_for(request, self.settings.request_timeout)
                parameters = await self._posted(request, seconds)
            case "GET" | "HEAD":
                pairs = url_pairs(request.scope["query_string"], self.settings.body_limit)
                if self._wants_page(request, pairs):
                    return await _page(request)
                media_type = _media_type(request)
                seconds = seconds_for(request, self.settings.request_timeout)
                parameters = from_url(pairs)
            case _:
                raise Problem("METHOD_NOT_ALLOWED", "Send a POST or a GET.", {"Allow": ALLOWED})
        result, headers = await self._result(request, parameters, seconds)
        if request.method != "POST":
            headers = {**NOT_KEPT, **headers}
        request_id = request.scope["state"]["request_id"]
        details = self.settings.details_errors
        return result_response(media_type, result, request_id, headers, details)

    async def _posted(self, request: Request, seconds: float) -> Parameters:
        """The body's parameters. Raises Problem (REQUEST_TIMEOUT, closing) when it is too slow."""
        try:
            async with asyncio.timeout(seconds):
                return await from_body(request, self.settings.body_limit)
        except TimeoutError as error:
            raise Problem(
                "REQUEST_TIMEOUT", "The body did not arrive in time.", {"Connection": "close"}
            ) from error

    def _wants_page(self, request: Request, pairs: list[tuple[str, str]]) -> bool:
        """A browser that opens the address, as against a client that sends a query."""
        return (
            self.settings.shows_graphiql
            and not any(name in MEANING for name, _ in pairs)
            and accepted(request, (*RESULT_TYPES, HTML)) == HTML
        )

    async def _result(self, request: Request, parameters: Parameters, seconds: float) -> Answer:
        """The result, and what the response's headers say besides."""
        began = asyncio.get_running_loop().time()
        asking = await self._asking(request, began + seconds)
        explanation = wanted(request, self.settings)
        made = context.build(
            request,
            self.database,
            None if self.viewers is None else self.viewers.authority,
            asking,
            began + reading_seconds(seconds),
            explanation,
        )
        try:
            document = await self.documents.find(parameters, began + seconds)
        except DeadlineExceededError as error:
            return await self._failed(made, [GraphQLError(str(error), original_error=error)])
        operation = self._chosen(document, parameters.operation_name, asking.viewer)
        if isinstance(operation, list):
            return await self._failed(made, operation)
        _name_in_log(operation)
        _require_allowed(request.method, operation)
        try:
            await self.budgets.throttle(made, document.ast, operation)
        except RateLimited as error:
            return ExecutionResult(None, [GraphQLError(str(error), original_error=error)]), {}
        result = await self._execute(request, document, parameters, made, began + seconds)
        if explanation is not None and explanation.levels:
            result.extensions = {"explain": explanation.report()}
        return result, self._headers(request, parameters, made, result)

    def _headers(
        self, request: Request, parameters: Parameters, made: Context, result: ExecutionResult
    ) -> Mapping[str, str]:
        """What caches may keep is for all, and says nothing of one client's budget."""
        headers = self._conclude(made.exchange)
        if request.method != "POST" and made.viewer is None and not headers:
            kept = caching(parameters, result, self.settings.cache_seconds)
            if "public" in kept.get("Cache-Control", ""):
                return kept
            headers = kept
        return {**headers_of(made.exchange.budget), **headers}

    async def _failed(self, made: Context, errors: list[GraphQLError]) -> Answer:
        """A request that cannot be executed costs a little, too."""
        refusal = await self.budgets.charge(made, FAILURE)
        shown = errors if refusal is None else [refusal]
        return ExecutionResult(None, shown), headers_of(made.exchange.budget)

    def _chosen(
        self, document: Document, name: str | None, viewer: Viewer | None
    ) -> OperationDefinitionNode | list[GraphQLError]:
        """The operation that is meant; or why there is none for this viewer."""
        if document.errors:
            return list(document.errors)
        may_look = self.settings.introspects or (viewer is not None and viewer.is_admin)
        if not may_look and document.introspects():
            return [introspection_refusal()]
        operation = choose(document.ast, name)
        return [operation] if isinstance(operation, GraphQLError) else operation

    async def _asking(self, request: Request, deadline: float) -> Asking:
        if self.viewers is None:
            return PUBLIC
        try:
            return await self.viewers.asking(request.scope, deadline)
        except DomainError as error:
            raise Problem(error.code, str(error)) from error

    async def _execute(
        self,
        request: Request,
        document: Document,
        parameters: Parameters,
        made: Context,
        deadline: float,
    ) -> ExecutionResult:
        work = self.engine.execute(
            document, parameters.variables, parameters.operation_name, made, deadline=deadline
        )
        return await unless_disconnected(request.receive, work)

    def _conclude(self, exchange: Exchange) -> Mapping[str, str]:
        """What the resolvers want done beside the result; the headers that do it."""
        if exchange.changed and self.viewers is not None:
            self.viewers.forget(lambda viewer: viewer.user_id in exchange.changed)
        return {} if exchange.cookie is None else {"Set-Cookie": set_cookie(*exchange.cookie)}


def introspection_refusal() -> GraphQLError:
    code = {"code": "INTROSPECTION_DISABLED"}
    return GraphQLError(
        "The schema is not shown here: leave out __schema and __type.", extensions=code
    )


async def _page(request: Request) -> Response:
    page = await run_in_threadpool(graphiql.page, request)
    page.headers.add_vary_header("Accept")
    return page


def _media_type(request: Request) -> str:
    media_type = accepted(request)
    if media_type is None:
        raise Problem("NOT_ACCEPTABLE", f"Responses come as {' or '.join(RESULT_TYPES)}.")
    return media_type


def _require_allowed(method: str, operation: OperationDefinitionNode) -> None:
    if operation.operation is OperationType.SUBSCRIPTION:
        raise Problem("BAD_REQUEST", "Subscriptions are not served over plain requests.")
    if operation.operation is OperationType.MUTATION and method != "POST":
        raise Problem("METHOD_NOT_ALLOWED", "Mutations need a POST.", {"Allow": "POST"})


def _name_in_log(operation: OperationDefinitionNode) -> None:
    note(
        operation_name=operation.name.value if operation.name else None,
        operation_type=operation.operation.value,
    )
